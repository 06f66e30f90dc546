#pragma once

#include "report/recommendation_view.h"

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// Something a reader has to know before believing a number.
struct ReportFlag {
  const char* kind;  ///< Machine name: "suspicious", "estimated", "single_run", ...
  std::string text;
  std::optional<std::size_t> setup;           ///< Which one it is about. Absent: all.
  std::optional<SuspiciousSetup> suspicious;  ///< The numbers behind kind "suspicious".
};

[[nodiscard]] std::vector<ReportFlag> flags_of(const RecommendationView& view);

}  // namespace gradwatt
