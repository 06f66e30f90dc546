#include "analyze/suspicious_setups.h"

#include "analyze/median_polish.h"
#include "analyze/statistics.h"

#include <cmath>
#include <map>

namespace gradwatt {
namespace {

constexpr double kZLimit = 14.826;
constexpr double kExcessLimit = 0.10;
constexpr double kMedianToDeviation = 1.4826;
constexpr std::size_t kLinesMin = 3;
// Below this a table's scatter is rounding: residuals of it say nothing.
constexpr double kScatterMin = 1e-6;

using Place = std::vector<std::size_t>;

std::vector<SuspiciousSetup> in_table(const Grid& grid, const std::vector<std::size_t>& members) {
  HoledTable table(grid.axes[0].values.size(),
                   std::vector<std::optional<double>>(grid.axes[1].values.size()));
  for (const std::size_t index : members) {
    const SetupResult& setup = grid.setups[index];
    const auto& number = setup.energy_per_epoch_j ? setup.energy_per_epoch_j : setup.cost_per_run;
    if (number) {
      table[setup.place[0]][setup.place[1]] = std::log(number->value);
    }
  }
  table = median_polish(std::move(table));
  std::vector<double> sizes;
  for (const auto& row : table) {
    for (const auto& residual : row) {
      if (residual) {
        sizes.push_back(std::abs(*residual));
      }
    }
  }
  if (sizes.empty()) {
    return {};
  }
  const double scatter = std::max(kScatterMin, kMedianToDeviation * median(std::move(sizes)));
  std::vector<SuspiciousSetup> found;
  for (const std::size_t index : members) {
    const Place& place = grid.setups[index].place;
    const auto& residual = table[place[0]][place[1]];
    if (!residual) {
      continue;
    }
    const SuspiciousSetup candidate{index, std::expm1(*residual), std::abs(*residual) / scatter};
    if (candidate.robust_z > kZLimit && std::abs(candidate.excess) > kExcessLimit) {
      found.push_back(candidate);
    }
  }
  return found;
}

}  // namespace

std::vector<SuspiciousSetup> suspicious_setups(const Grid& grid) {
  if (grid.axes.size() < 2 || grid.axes[0].values.size() < kLinesMin ||
      grid.axes[1].values.size() < kLinesMin) {
    return {};
  }
  std::map<Place, std::vector<std::size_t>> tables;
  for (std::size_t index = 0; index < grid.setups.size(); ++index) {
    const Place& place = grid.setups[index].place;
    tables[Place(place.begin() + 2, place.end())].push_back(index);
  }
  std::vector<SuspiciousSetup> found;
  for (const auto& [rest, members] : tables) {
    for (const SuspiciousSetup& one : in_table(grid, members)) {
      found.push_back(one);
    }
  }
  return found;
}

}  // namespace gradwatt
