#pragma once

#include "analyze/grid_axis.h"
#include "analyze/table.h"
#include "record/run_index.h"
#include "trace/run_account.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

/// The runs of a sweep as analyses take them, and what its file said about them.
struct SweepTable {
  std::vector<RunRow> runs;
  std::vector<GridAxis> axes;  ///< In the file's order.
  std::optional<Goal> goal;
  std::vector<std::pair<std::string, std::string>> default_factors;  ///< Empty: none was named.
  std::vector<std::string> notes;  ///< Runs that were left out, and why; one sentence each.
  std::vector<RunRow> fresh;       ///< Made to confirm a search's choice; not among `runs`.
};

/// The run that speaks for each setup and repeat. Takes the runs of one sweep, oldest first.
///
/// A point may have been run several times: the newest finished run counts, else the newest failed
/// one, else the newest. Runs of an older command at the same place (another key) do not.
[[nodiscard]] std::vector<StoredRun> runs_that_count(const std::vector<StoredRun>& runs,
                                                     std::vector<std::string>& notes);

/// A run as an analysis sees it. Without an account it has no epochs.
[[nodiscard]] RunRow row_of(const Manifest& manifest, const std::optional<RunAccount>& account);

/// All of a sweep from the store; the newest run tells the axes, the goal and the default setup.
/// Throws Error when the store has no run of that sweep.
[[nodiscard]] SweepTable load_sweep_table(RunIndex& index, const std::string& sweep);
[[nodiscard]] SweepTable load_sweep_table(const Store& store, const std::string& sweep);

/// The same from runs of one sweep that are listed already, oldest first. Takes at least one.
[[nodiscard]] SweepTable sweep_table_of(RunIndex& index, std::vector<StoredRun> runs);

}  // namespace gradwatt
