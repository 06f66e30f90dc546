#pragma once

#include "record/job_folder.h"
#include "record/node_part.h"
#include "supervise/node_seat.h"
#include "supervise/run_command.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

/// This node's share in the run of a job: its part, and run.json where it made the run.
class JobMember {
 public:
  /// Joins or makes the run. Throws Error when the store cannot be written.
  JobMember(const Store& store, const JobIdentity& job, WallTime now);

  [[nodiscard]] const JoinedRun& run() const { return run_; }
  /// Writes what is known before the command starts. Throws Error.
  void save_begin(const Manifest& manifest);
  /// Writes how it ended; `others` are the exit statuses of the node's other ranks. Throws Error.
  void save_end(Manifest& manifest, const std::map<int, std::optional<int>>& others);

 private:
  JobIdentity job_;
  JoinedRun run_;
  NodePart part_;
};

using ChildVariables = std::vector<std::pair<std::string, std::string>>;

/// What a measured command finds in its environment: where marks go, which run it is and, in a job,
/// which (GRADWATT_JOB), so that a `gradwatt run` inside knows that its node is measured already.
[[nodiscard]] ChildVariables child_variables(const std::optional<JobIdentity>& job,
                                             const std::string& marks,
                                             const std::string& run_id);

/// Whether `value` of GRADWATT_JOB says that a `gradwatt run` around this one measures the job
/// here.
[[nodiscard]] bool is_measured_around(const JobIdentity& job, const std::string& value);

/// Runs the command and hands its marks, with their rank, to the process that measures this node.
[[nodiscard]] RunResult run_as_follower(const RunOptions& options, NodeFollower& lead);

/// The same for a job whose node is measured by a `gradwatt run` around this one.
[[nodiscard]] RunResult run_around(const RunOptions& options);

/// The same where this node is measured by a process that cannot be reached: the marks are lost.
[[nodiscard]] RunResult run_beside(const RunOptions& options, const std::string& run_id);

/// Runs a command with variables added to its environment and waits for it.
[[nodiscard]] RunResult run_with(const std::vector<std::string>& command,
                                 const ChildVariables& variables);

/// As a shell tells a command that could not be started with `errno_value`.
[[nodiscard]] int status_of_failed_start(int errno_value);

}  // namespace gradwatt
