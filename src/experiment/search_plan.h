#pragma once

#include "analyze/search_step.h"
#include "experiment/sweep_file.h"
#include "experiment/sweep_folder.h"
#include "experiment/sweep_plan.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace gradwatt {

/// How many epochs a training of the sweep may have: the fixed value `epochs`, or `max_epochs` of a
/// workload. 0: it does not say.
[[nodiscard]] int epochs_limit(const SweepFile& file);

/// Refuses a strategy that the rest of the file does not allow. Throws UsageError naming `where`.
void check_search(const SweepFile& file, const std::string& where);

/// The setups of one repeat, in the grid's order: the last axis runs fastest.
[[nodiscard]] std::vector<PlannedPoint> setups_of(const SweepFile& file,
                                                  int repeat,
                                                  const std::string& trainer);

/// What a search over these setups goes by. Requires a goal.
[[nodiscard]] SearchRules search_rules(const SweepFile& file,
                                       const std::vector<PlannedPoint>& setups);

/// The names of a piece's tags.
namespace search_tag {
inline constexpr const char* kStrategy = "search.strategy";
inline constexpr const char* kRole = "search.role";
inline constexpr const char* kRung = "search.rung";
inline constexpr const char* kEpochs = "search.epochs";
inline constexpr const char* kEpochsMax = "search.epochs_max";
}  // namespace search_tag

[[nodiscard]] const char* name_of(PieceRole role);

/// The run that takes a step: its command with the epochs and the checkpoint of this piece, its
/// tags, and the rules by which its monitor stops it. Their labels are `goal`, `cap`, `rung`,
/// `lag`, `budget` and `profile`.
/// Takes  checkpoint: of the setup; left out of what does not continue.
[[nodiscard]] PlannedPoint point_of_step(const SweepFile& file,
                                         const PlannedPoint& setup,
                                         const SearchStep& step,
                                         const std::string& trainer,
                                         const std::filesystem::path& checkpoint);

/// Every command of the points with {checkpoint} filled in.
void fill_checkpoints(std::vector<PlannedPoint>& points, const SweepFolder& folder);

}  // namespace gradwatt
