#pragma once

#include <optional>
#include <vector>

namespace gradwatt {

/// A table with holes, row by row; all rows are equally long.
using HoledTable = std::vector<std::vector<std::optional<double>>>;

/// What is left of each number when its row and its column are taken out: medians of rows, then of
/// columns, are subtracted in turn until nothing changes. A single odd number keeps its whole
/// deviation, where means would spread it over its row and column. Holes stay holes.
///
/// Source   Tukey, Exploratory Data Analysis, 1977, chapter 11.
/// Example  {{1, 2, 3}, {2, 3, 4}, {3, 4, 9}} leaves 0 everywhere but 4 in the last place.
[[nodiscard]] HoledTable median_polish(HoledTable table);

}  // namespace gradwatt
