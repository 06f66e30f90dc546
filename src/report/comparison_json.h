#pragma once

#include "report/comparison_view.h"

#include <string>

namespace gradwatt {

/// The comparison for programs, schema 1; docs/analysis.md has the fields.
[[nodiscard]] std::string comparison_to_json(const ComparisonView& view);

}  // namespace gradwatt
