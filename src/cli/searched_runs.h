#pragma once

#include "analyze/table.h"
#include "record/run_index.h"

#include <string>
#include <vector>

namespace gradwatt {

/// The trainings of a searched sweep, each joined from its pieces: what analyses take as one run.
///
/// A training that the search dropped or stopped is unfinished, with what it used until then, and
/// `stopped_by_search` is set. Epochs that were only run to see what one costs are left out, and so
/// are pieces of another strategy than the newest.
/// Takes  runs: of one sweep, oldest first.
[[nodiscard]] std::vector<RunRow> searched_runs(RunIndex& index,
                                                const std::vector<StoredRun>& runs,
                                                const std::optional<Goal>& goal,
                                                std::vector<std::string>& notes);

}  // namespace gradwatt
