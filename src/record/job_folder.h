#pragma once

#include "record/store.h"

#include <filesystem>
#include <string>

namespace gradwatt {

/// The run that the nodes of a job share.
struct JoinedRun {
  std::string run_id;
  std::filesystem::path folder;
  bool is_first = false;  ///< This node made it: it writes run.json.
  /// Another process measures this node for it now: counting the node again would be wrong.
  bool is_measured_already = false;
};

/// The run of `job` for a node that is about to measure it: made by whichever node comes first,
/// found by the others, without a word between them, through the store that they share.
///
/// The first makes the run's folder and then jobs/<job>/<n>, which holds its id and can be made
/// once only (link(2), also on network file systems); each node then makes jobs/<job>/<n>.<node>.
/// A node that has done so before is in the next run of the job: n + 1. A run that is over, begun
/// more than ten minutes ago, is joined by nobody any more: launchers use their names again.
/// Throws Error when the store cannot be written.
[[nodiscard]] JoinedRun join_run(const Store& store,
                                 const std::string& job,
                                 const std::string& node,
                                 WallTime now);

/// A job's name as a folder's: what is plain in it, and a sum of all of it.
/// Example  "group-a/b" is "group-a_b-" and eight hexadecimal digits.
[[nodiscard]] std::string job_folder_name(const std::string& job);

}  // namespace gradwatt
