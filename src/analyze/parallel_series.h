#pragma once

#include "analyze/grid_axis.h"
#include "analyze/log_interval.h"
#include "analyze/scaling_rates.h"
#include "analyze/setup_result.h"
#include "analyze/table.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// One place of a series: a number of devices and a batch size, over its repeats.
struct ParallelPoint {
  std::vector<std::string> values;  ///< One per axis, as the sweep file has them.
  SetupState state = SetupState::not_run;
  int finished = 0;
  int failed = 0;
  /// Means over finished runs whose energy, samples and steps are known; absent without one.
  std::optional<ParallelTraining> training;
  int runs = 0;                      ///< In `training`.
  int cut = 0;                       ///< Finished runs of which an epoch has no end.
  std::optional<Estimate> energy_j;  ///< Geometric mean of the same runs.
  std::optional<double> global_batch;
  std::optional<double> local_batch;
  std::optional<double> speed_up;      ///< Against the series' point with the fewest devices.
  std::optional<double> efficiency;    ///< speed_up over the ratio of devices.
  std::optional<double> metric;        ///< Of the last epoch, as the study reports it.
  std::optional<double> metric_error;  ///< Standard error of `metric`; absent: one run.
};

/// A series of study 2: what stays the same while devices are added.
struct ParallelSeries {
  std::string name;      ///< "imagenet-growing-local".
  std::string workload;  ///< Before the first dash: "imagenet" or "era5".
  std::vector<GridAxis> axes;
  std::string metric;  ///< Empty: the sweep has no goal.
  bool smaller_is_better = false;
  std::vector<ParallelPoint> points;
  bool estimated = false;  ///< Some energy comes from a model.
};

/// Puts a sweep's runs together, with what they consumed and did inside their complete epochs:
/// start-up and loading are left out, for short runs would be little else.
///
/// A run says of itself how many ranks and which batches it had (PARAM=ranks, global_batch,
/// local_batch), how many samples and steps each epoch had, and on how many nodes it ran. What it
/// does not say is taken from the sweep's axes; a node that is not told of is one.
///
/// An epoch without an end is left out, and a run that has seen fewer samples than others of its
/// point does not count: their sums could not be compared.
///
/// Takes    runs: of one sweep; axes and goal as the sweep has them.
/// Example  2 ranks, epochs of 3 s with 50 J, 64 samples and 4 steps, twice: 6 s, 100 J, 128
///          samples, 8 updates.
[[nodiscard]] ParallelSeries parallel_series(std::string name,
                                             std::span<const RunRow> runs,
                                             std::vector<GridAxis> axes,
                                             const std::optional<Goal>& goal);

/// The published series of a part ("local", "global", "large"), as growing data sets have it; its
/// energies are means of five measured runs without an interval.
[[nodiscard]] ParallelSeries paper_series(const std::string& part);

/// What points of the series have, where all is known.
[[nodiscard]] std::vector<ParallelTraining> trainings_in(const ParallelSeries& series);

/// trainings_in of the series of a workload, one for each training: those of equal devices,
/// samples and updates are one, as series meet in a point.
[[nodiscard]] std::vector<ParallelTraining> distinct_trainings(
    std::span<const ParallelSeries> series, const std::string& workload);

}  // namespace gradwatt
