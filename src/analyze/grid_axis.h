#pragma once

#include "analyze/table.h"

#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// A factor that varies in a table of runs, with its values as literal text, in display order.
struct GridAxis {
  std::string name;
  std::vector<std::string> values;

  bool operator==(const GridAxis&) const = default;
};

/// The axes of a table. `known` come first and keep their order and values; values that only the
/// runs have follow, and so do factors that only the runs have. Those are sorted as numbers when
/// all are numbers, and else stay in order of appearance.
[[nodiscard]] std::vector<GridAxis> axes_of(std::span<const RunRow> runs,
                                            std::vector<GridAxis> known);

}  // namespace gradwatt
