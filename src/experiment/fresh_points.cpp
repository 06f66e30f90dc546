#include "experiment/fresh_points.h"

#include "base/error.h"
#include "experiment/point_key.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {

std::string name_of_fresh(const std::string& sweep) { return sweep + ".fresh"; }

std::vector<PlannedPoint> plan_fresh(const SweepFile& file,
                                     const std::vector<std::vector<Factor>>& cells,
                                     int repeats,
                                     const std::string& trainer) {
  const std::size_t needed =
      static_cast<std::size_t>(file.repeat) + static_cast<std::size_t>(repeats);
  for (const FixedValue& fixed : file.fixed) {
    if (fixed.per_repeat.size() > 1 && fixed.per_repeat.size() < needed) {
      throw UsageError(
          fmt::format(
              "{} has {} values, for {} repeats", fixed.name, fixed.per_repeat.size(), needed),
          file.name,
          fmt::format("give it {} in per_repeat, or one for all", needed));
    }
  }
  std::vector<PlannedPoint> points;
  for (int pass = 0; pass < repeats; ++pass) {
    std::vector<std::vector<Factor>> order = cells;
    if (pass % 2 == 1) {
      std::reverse(order.begin(), order.end());
    }
    const int repeat = file.repeat + pass;
    for (std::vector<Factor>& cell : order) {
      PlannedPoint point;
      point.command = command_of(file, cell, repeat, trainer);
      point.point = {
          name_of_fresh(file.name), point_key(file, cell, repeat), std::move(cell), repeat};
      point.position = static_cast<int>(points.size()) + 1;
      points.push_back(std::move(point));
    }
  }
  return points;
}

}  // namespace gradwatt
