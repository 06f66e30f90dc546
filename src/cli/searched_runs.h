#pragma once

#include "analyze/table.h"
#include "record/run_index.h"

#include <string>
#include <vector>

namespace gradwatt {

/// The runs of a searched sweep as analyses take them.
struct SearchedRuns {
  std::vector<RunRow> trainings;  ///< Of the race, each joined from its pieces.
  std::vector<RunRow> fresh;      ///< Made after the choice, to confirm it.
};

/// The trainings of a searched sweep, each joined from its pieces: what analyses take as one run;
/// and apart from them the fresh runs of the finalists. The choice was made from the former, so
/// that luck is in them, and a mean of both kinds would be neither.
///
/// A training that the search dropped or stopped is unfinished, with what it used until then, and
/// `stopped_by_search` is set. Epochs that were only run to see what one costs are left out, and so
/// are pieces of another strategy than the newest.
/// Takes  runs: of one sweep, oldest first.
[[nodiscard]] SearchedRuns searched_runs(RunIndex& index,
                                         const std::vector<StoredRun>& runs,
                                         const std::optional<Goal>& goal,
                                         std::vector<std::string>& notes);

/// Takes away the fresh runs of every setup of which one was stopped at its cap, with a note: it
/// needs more than what it had used, and a mean over those that went on would be too low.
void leave_out_capped(std::vector<RunRow>& fresh, std::vector<std::string>& notes);

}  // namespace gradwatt
