#pragma once

#include "experiment/captured_command.h"
#include "experiment/sweep_plan.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// What a sweep remembers of its submissions: slurm-<token>.json beside the points' logs, written
/// before sbatch is called, so that a job can never be in the queue unknown to its sweep.
class SlurmRecords {
 public:
  explicit SlurmRecords(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Notes that task i of the array called `token` is points[i]; `job` is sbatch's answer, empty
  /// before there is one. Throws Error.
  void note(const std::string& token,
            std::span<const PlannedPoint* const> points,
            std::uint64_t seed,
            const std::string& job) const;

  /// The point's key for a task of a submission; nullopt when it is none of this sweep.
  [[nodiscard]] std::optional<std::string> key_of(const std::string& token, std::size_t task) const;

  /// Keys that were submitted at any time, with the token of the last submission.
  [[nodiscard]] std::map<std::string, std::string> submitted() const;

  /// The seed that the last submission was ordered by; nullopt when there was none.
  [[nodiscard]] std::optional<std::uint64_t> seed() const;

 private:
  [[nodiscard]] std::vector<std::string> tokens() const;

  std::filesystem::path folder_;
};

/// A task in Slurm's queue.
struct QueuedTask {
  std::string token;
  std::size_t task = 0;
  std::string state;  ///< "PENDING", "RUNNING", ...
};

/// Reads squeue's lines "JOB_TASK|STATE|NAME", leaving out what no sweep called `sweep` submitted.
/// Example  "12_3|RUNNING|gradwatt:s:ab12": task 3 of "ab12" is running.
[[nodiscard]] std::vector<QueuedTask> tasks_in_queue(std::string_view output,
                                                     const std::string& sweep);

using CommandRunner = std::function<CapturedCommand(const std::vector<std::string>&)>;

/// The states of a sweep's points in Slurm's queue, by key. Throws Error when squeue does not tell:
/// what may be queued already must not be submitted again.
[[nodiscard]] std::map<std::string, std::string> queued_points(const std::string& sweep,
                                                               const SlurmRecords& records,
                                                               const CommandRunner& run);

/// Submits a script. Returns the job's number. Throws Error with what sbatch said.
[[nodiscard]] std::string submit_to_slurm(const std::vector<std::string>& sbatch,
                                          const CommandRunner& run);

}  // namespace gradwatt
