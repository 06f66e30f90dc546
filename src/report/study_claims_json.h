#pragma once

#include "report/study_claims.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <vector>

namespace gradwatt {

/// The value, or null where it is unknown.
template <typename T>
[[nodiscard]] nlohmann::ordered_json or_null(const std::optional<T>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

/// Lists of objects with the fields of docs/power-of-training.md.
[[nodiscard]] nlohmann::ordered_json findings_json(const std::vector<StudyFinding>& findings);
[[nodiscard]] nlohmann::ordered_json inconsistencies_json(
    const std::vector<StudyInconsistency>& list);

}  // namespace gradwatt
