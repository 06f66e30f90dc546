#pragma once

#include "report/comparison_view.h"

#include <string>

namespace gradwatt {

/// The comparison for a terminal: who is compared, a table for each side against the first, what it
/// means and what to do, at most 100 columns wide.
[[nodiscard]] std::string comparison_as_text(const ComparisonView& view);

/// What keeps two sides from being compared, one line each: "host: n1 (A), n2 (B)".
[[nodiscard]] std::string difference_lines(const std::vector<EnvironmentDifference>& differences);

}  // namespace gradwatt
