#pragma once

#include "analyze/scaling_plan.h"

#include <span>

namespace gradwatt {

/// The models of a job with their growth, ready to be asked for setups.
struct PlanForecaster {
  ScalingModels energy_models;
  TrainingTimeModel time_model;
  ForecastGrowth time_growth;
  ForecastGrowth energy_growth;
  double gpus_min = 0;
  double gpus_max = 0;
  std::optional<Interval> local_batches;  ///< Measured.
  std::optional<double> global_batch_max;

  /// Fills in times, energies and how far they are beyond what was measured.
  /// Takes  planned: with GPUs, nodes, batches and samples.
  void forecast(PlannedSetup& planned) const;
};

/// Takes  at least one setup; GPUs are known for all.
[[nodiscard]] PlanForecaster plan_forecaster(std::span<const ScalingSetup> setups);

}  // namespace gradwatt
