#include "analyze/block_difference.h"

#include "analyze/statistics.h"
#include "base/expects.h"

#include <algorithm>

namespace gradwatt {

std::vector<double> differences_of(std::span<const SideBlock> blocks) {
  std::vector<double> differences;
  for (const SideBlock& block : blocks) {
    differences.push_back(spread_of(block.a).mean - spread_of(block.b).mean);
  }
  return differences;
}

MeanDifference block_difference(std::span<const SideBlock> blocks) {
  expects(!blocks.empty(), "at least one block");
  if (blocks.size() == 1) {
    return mean_difference(blocks.front().a, blocks.front().b);
  }
  const Spread spread = spread_of(differences_of(blocks));
  MeanDifference difference{spread.mean, {}, true};
  const bool repeated = std::all_of(blocks.begin(), blocks.end(), [](const SideBlock& block) {
    return block.a.size() > 1 && block.b.size() > 1;
  });
  if (!repeated) {
    if (*spread.variance > 0) {
      difference.parts = {{*spread.variance, spread.n}};
    }
    return difference;
  }
  difference.over_blocks = false;
  const double weight = 1 / static_cast<double>(blocks.size() * blocks.size());
  for (const SideBlock& block : blocks) {
    for (const auto* side : {&block.a, &block.b}) {
      const Spread of_side = spread_of(*side);
      difference.parts.push_back({*of_side.variance, of_side.n, weight});
    }
  }
  return difference;
}

}  // namespace gradwatt
