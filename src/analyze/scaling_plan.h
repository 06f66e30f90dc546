#pragma once

#include "analyze/log_interval.h"
#include "analyze/scaling_models.h"
#include "analyze/training_time_model.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

inline constexpr double kMostPlannedGpus = 100000;

/// How many samples a goal takes, by the global batch: N(B) = N_min (1 + B / B_c).
struct BatchDemand {
  double samples_min = 0;
  std::optional<double> critical_batch;  ///< Absent: the batch makes no difference that is seen.
  bool compares_batches = true;          ///< false: too few batches to know.
  std::vector<double> batches_reached = {};  ///< Where a run reached the goal; sorted.
  std::vector<double> batches_missed = {};   ///< Where runs were to and none did; sorted.

  [[nodiscard]] double samples(double global_batch) const;

  /// How many times the samples of a small batch. nullopt where that is not known: with too few
  /// batches; beyond the largest that reached the goal, when B_c was not seen within them; and
  /// where missed_at() is.
  [[nodiscard]] std::optional<double> factor(double global_batch) const;

  /// The batch that casts doubt on this one: the largest measured up to it is one at which no run
  /// reached the goal.
  /// Example  Reached at 256 and 2048, missed at 8192: 8192 for 8192 and 16384, none for 4096.
  [[nodiscard]] std::optional<double> missed_at(double global_batch) const;

  /// Times the largest batch that reached the goal; 1: within, or none is known.
  [[nodiscard]] double beyond_reached(double global_batch) const;
};

/// What to plan for. At most one of the two batch lists has entries; without one the batches are
/// kept as they were measured.
struct PlanRequest {
  std::vector<double> gpus;  ///< 1 to kMostPlannedGpus.
  std::vector<double> global_batches;
  std::vector<double> local_batches;
  std::optional<double> samples;        ///< Absent: `demand`, else as measured.
  std::optional<BatchDemand> demand;    ///< Beside `samples` it tells risks only.
  std::optional<double> gpus_per_node;  ///< Absent: as many as were measured on a node at most.
  std::optional<double> deadline_s;
  std::optional<double> energy_max_j;
};

/// What a number of a plan rests on.
enum class PlanBasis {
  tested,   ///< Interval from what the model misses.
  assumed,  ///< No setup to spare: the interval's width is kAssumedMiss and more.
  bound,    ///< One number of GPUs was measured: the value is the best that can be; no interval.
};

/// How a model's forecasts get worse beyond the GPUs measured, as a share for each doubling.
struct ForecastGrowth {
  double per_doubling = 0;
  bool is_measured = false;  ///< By leaving the largest number of GPUs out; else assumed.
};

/// Without any setup to spare, and for each doubling that could not be tried: from MLPerf Training
/// v4.0's power logs, where constant watts and speed-ups that go on as before are 4 to 7 % off for
/// each doubling.
inline constexpr double kAssumedMiss = 0.10;
inline constexpr double kAssumedMissPerDoubling = 0.07;

/// One way to run the job that was planned.
struct PlannedSetup {
  double gpus = 0;
  std::optional<double> nodes;
  std::optional<double> global_batch;
  std::optional<double> local_batch;
  std::optional<double> samples;
  double time_s = 0;
  std::optional<Interval> time_interval;  ///< 95 %.
  double energy_j = 0;
  std::optional<Interval> energy_interval;
  PlanBasis basis = PlanBasis::tested;
  double beyond_gpus = 1;          ///< Times the most GPUs measured; 1: within.
  double beyond_local_batch = 1;   ///< Times outside the local batches measured, on either side.
  double beyond_global_batch = 1;  ///< Times the largest global batch measured.
  /// Times as many samples as a small batch would take. Absent: not known.
  std::optional<double> samples_factor;
  double beyond_reached = 1;           ///< Times the largest batch at which a run met the goal.
  std::optional<double> missed_batch;  ///< BatchDemand::missed_at of its global batch.
  bool meets = true;                   ///< Deadline and most energy, by the values.
  bool is_sure = true;                 ///< Also by the intervals' upper ends.
};

/// A plan, with the models behind it.
struct ScalingPlan {
  ScalingModels energy_models;
  TrainingTimeModel time_model;
  ForecastGrowth time_growth;
  ForecastGrowth energy_growth;
  double gpus_min = 0;  ///< Measured.
  double gpus_max = 0;
  std::vector<PlannedSetup> setups;
  std::optional<std::size_t> cheapest;  ///< Of those that meet what was asked for.
  /// Where none does: the fewest GPUs up to kMostPlannedGpus that would.
  std::optional<PlannedSetup> would_meet;
  std::optional<PlannedSetup> fastest;  ///< Where nothing would: the least time there is.
  std::vector<std::string> notes;
};

/// From measured setups of one job to a table over numbers of GPUs and batches.
///
///   t, E     training_time_model.h and the chosen model of scaling_models.h, with that time
///   width    of ln t: √(model² + (growth · doublings)²)
///            of ln E: √(model² + (d ln E / d ln t · width of ln t)² + (growth · doublings)²)
///
/// doublings = log2 of how far the GPUs and the local batch are beyond what was measured. growth is
/// what the models missed the largest number of GPUs by, for each doubling, when fitted without it,
/// and not less than what they miss setups left out by.
///
/// Takes    at least one setup; GPUs are known for all.
/// Throws   UsageError when the request lacks something that the setups ask for.
/// Example  Study 2 up to 32 GPUs: energies on 64, 128 and 256 GPUs within their intervals, 2.6 %
///          off at most; times within theirs, 9.8 % off at most.
[[nodiscard]] ScalingPlan plan_scaling(std::span<const ScalingSetup> setups,
                                       const PlanRequest& request);

}  // namespace gradwatt
