#pragma once

#include "analyze/table.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

/// The runs of several kinds (say, pretraining and training) that were made with equal settings.
struct SetupBlock {
  std::vector<std::pair<std::string, std::string>> factors;  ///< Those that all kinds have.
  std::vector<std::vector<const RunRow*>> kinds;             ///< As given; none is empty.
};

/// Which runs are comparable, and which are not.
struct SetupBlocks {
  std::vector<SetupBlock> blocks;       ///< In order of the first kind's runs.
  std::vector<std::string> matched_by;  ///< Names of the factors. Empty: all runs are one block.
  /// Runs that count for nothing, of each kind: not finished, or without an energy...
  std::vector<int> unusable;
  /// ... and those whose settings another kind does not have.
  std::vector<int> unmatched;
};

/// Groups the runs of several kinds by the factors that all of them have. A factor that has one
/// value within each kind does not divide: it is what makes the kinds (paradigm = frozen). Factors
/// that only some kinds have do not divide either; their scatter is in the intervals.
///
/// Takes    one list of runs for each kind; they must outlive the blocks.
/// Example  Pretraining with lr 1e-2 and 1e-3, training with lr 1e-3 and 1e-4: one block, lr 1e-3,
///          and one unmatched run of each kind.
[[nodiscard]] SetupBlocks setup_blocks(std::span<const std::vector<RunRow>> kinds);

}  // namespace gradwatt
