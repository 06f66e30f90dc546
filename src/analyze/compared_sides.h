#pragma once

#include "analyze/table.h"

#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// One of the things that are compared, with all runs that are repeats of it.
struct SideRuns {
  std::string name;
  std::vector<RunRow> runs;
};

/// One side for each value of a factor, named "batch 64": numbers ascending, else in order of
/// appearance. Runs without the factor are in none.
/// Example  Batches 256, 64, 256 make the sides "batch 64" (1 run) and "batch 256" (2 runs).
[[nodiscard]] std::vector<SideRuns> sides_by(std::vector<RunRow> runs, const std::string& factor);

/// The factors that vary within a side: what differs there must not be taken for scatter, so sides
/// are compared at equal values of it.
/// Example  Sides by batch of a grid of batch and lr: lr.
[[nodiscard]] std::vector<std::string> block_factors(std::span<const SideRuns> sides);

/// The finished runs of two sides at one setting of the block factors.
struct RunBlock {
  std::string name;  ///< "lr 0.1", "repeat 3"; empty when there is nothing to keep equal.
  std::vector<const RunRow*> of;
  std::vector<const RunRow*> against;
};

/// What makes a block.
struct BlockKey {
  std::vector<std::string> factors;
  bool repeat = false;  ///< Runs of the same repeat belong together as well.
};

/// The finished runs of two sides, block by block, sorted by their key. A block may lack one side.
[[nodiscard]] std::vector<RunBlock> blocks_of(const SideRuns& of,
                                              const SideRuns& against,
                                              const BlockKey& key);

}  // namespace gradwatt
