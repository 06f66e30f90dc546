#include "analyze/regret_bound.h"

#include <algorithm>

namespace gradwatt {

std::optional<double> regret_bound(const Grid& grid,
                                   Objective objective,
                                   std::size_t chosen,
                                   std::span<const std::size_t> others) {
  const double tail = kUpperTail / static_cast<double>(std::max<std::size_t>(1, others.size()));
  double bound = 0;
  for (const std::size_t other : others) {
    const auto a = numbers_of(grid.setups[chosen], objective);
    const auto b = numbers_of(grid.setups[other], objective);
    if (a.empty() || b.empty()) {
      return std::nullopt;
    }
    const Ratio ratio = welch_ratio(a, b, tail);
    if (!ratio.interval) {
      return std::nullopt;
    }
    bound = std::max(bound, ratio.interval->hi - 1);
  }
  return bound;
}

}  // namespace gradwatt
