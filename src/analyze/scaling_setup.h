#pragma once

#include "analyze/scaling_rates.h"
#include "analyze/table.h"

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

/// One way to run a job, as the mean of its repeats.
struct ScalingSetup {
  std::optional<double> gpus;
  std::optional<double> nodes;
  std::optional<double> global_batch;
  std::optional<double> local_batch;
  std::optional<double> samples;  ///< Trained on, by all GPUs together.
  std::optional<double> updates;  ///< Steps of the optimizer.
  double gpu_hours = 0;
  double energy_j = 0;
  std::vector<std::string> runs;  ///< Ids of the repeats.

  /// For the models. What is not known is 1 there and must not be looked at.
  [[nodiscard]] ParallelTraining training() const;
};

/// Setups of one job: what differs between them is how many GPUs and which batch they take.
struct ScalingGroup {
  /// What the job is: factor and value. Empty: there is one job.
  std::vector<std::pair<std::string, std::string>> factors;
  std::vector<ScalingSetup> setups;  ///< By GPUs, then by global batch.
};

/// Runs put together for models of scaling.
struct ScalingTable {
  std::vector<ScalingGroup> groups;
  int runs = 0;                    ///< That count.
  bool estimated = false;          ///< Some energy comes from a model.
  std::vector<std::string> notes;  ///< What was left out or derived; one sentence each.

  /// The setups of all groups. A setup that two groups list with equal numbers counts once.
  [[nodiscard]] std::vector<ScalingSetup> all() const;
};

/// A number of a run: its column, else what the training said of itself (PARAM), else a factor.
/// Example  "gpus" of a run with PARAM=ranks:4 is 4.
[[nodiscard]] std::optional<double> gpus_of(const RunRow& run);
[[nodiscard]] std::optional<double> global_batch_of(const RunRow& run);
[[nodiscard]] std::optional<double> local_batch_of(const RunRow& run);

/// Puts runs together. Runs with equal GPUs, nodes, batches and factors whose samples differ by at
/// most 2 % are repeats, and averaged.
///
///   gpu_hours = gpus * duration / 3600     gpus = gpu_hours * 3600 / duration
///   local_batch = global_batch / gpus      global_batch = local_batch * gpus
///   updates = samples / global_batch       where the columns are missing
///
/// A run's numbers are sums over its epochs where all of them are known, else those of the run as
/// a whole. Runs that failed, and those without energy or GPU hours, are left out, with a note.
///
/// Takes    by: the factors that tell jobs apart. Absent: those with text (a model's or data set's
///          name) and power limits, for which some value has more than one setup.
/// Throws   UsageError when `by` names no factor of the runs.
/// Example  4 GPUs for 1800 s with 80000 samples and a global batch of 256: 2 GPU hours, a local
///          batch of 64, 312.5 updates.
[[nodiscard]] ScalingTable scaling_table(std::span<const RunRow> runs,
                                         const std::optional<std::vector<std::string>>& by);

}  // namespace gradwatt
