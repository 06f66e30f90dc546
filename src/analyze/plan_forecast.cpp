#include "analyze/plan_forecast.h"

#include "base/expects.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

ParallelTraining work_of(const PlannedSetup& planned) {
  const double samples = planned.samples.value_or(1);
  const double updates = planned.global_batch ? samples / *planned.global_batch : 1;
  return {planned.gpus, planned.nodes.value_or(1), samples, updates, 0, 0};
}

Interval around(double value, double half_width) {
  return {value * std::exp(-half_width), value * std::exp(half_width)};
}

ForecastGrowth growth_of(double miss, double doublings, const std::optional<double>& left_out) {
  return {std::max(std::abs(miss) / doublings, left_out.value_or(0)), true};
}

/// Fits without the most GPUs, and asks for them.
void try_growth(PlanForecaster& forecaster, std::span<const ScalingSetup> setups) {
  forecaster.time_growth = {kAssumedMissPerDoubling, false};
  forecaster.energy_growth = {kAssumedMissPerDoubling, false};
  std::vector<ScalingSetup> smaller;
  double gpus_max = 0;
  for (const ScalingSetup& setup : setups) {
    if (*setup.gpus < forecaster.gpus_max) {
      smaller.push_back(setup);
      gpus_max = std::max(gpus_max, *setup.gpus);
    }
  }
  constexpr std::size_t kLeastSetups = 3;
  if (smaller.size() < kLeastSetups || gpus_max == forecaster.gpus_min) {
    return;
  }
  const auto time = fit_training_time(smaller);
  const ScalingModels energy = fit_scaling_models(smaller);
  double time_miss = 0;
  double energy_miss = 0;
  for (const ScalingSetup& setup : setups) {
    if (*setup.gpus < forecaster.gpus_max) {
      continue;
    }
    const ParallelTraining work = setup.training();
    const ScalingForecast given = scaling_forecast(energy, energy.chosen.value(), work);
    time_miss = std::max(time_miss, std::abs(std::log(time->time_s(work) / work.time_s)));
    energy_miss = std::max(energy_miss, std::abs(std::log(given.energy_j / work.energy_j)));
  }
  const double doublings = std::log2(forecaster.gpus_max / gpus_max);
  const FitQuality* chosen = forecaster.energy_models.quality(*forecaster.energy_models.chosen);
  forecaster.time_growth =
      growth_of(time_miss, doublings, forecaster.time_model.quality.left_out_error);
  if (std::isfinite(energy_miss)) {
    forecaster.energy_growth = growth_of(energy_miss, doublings, chosen->left_out_error);
  }
}

double times_outside(double value, const Interval& range) {
  return std::max({1.0, value / range.hi, range.lo / value});
}

}  // namespace

PlanForecaster plan_forecaster(std::span<const ScalingSetup> setups) {
  expects(!setups.empty(), "something measured");
  PlanForecaster forecaster;
  forecaster.energy_models = fit_scaling_models(setups);
  forecaster.time_model = fit_training_time(setups).value();
  forecaster.gpus_min = *setups.front().gpus;
  for (const ScalingSetup& setup : setups) {
    forecaster.gpus_min = std::min(forecaster.gpus_min, *setup.gpus);
    forecaster.gpus_max = std::max(forecaster.gpus_max, *setup.gpus);
    if (setup.local_batch) {
      const double batch = *setup.local_batch;
      Interval range = forecaster.local_batches.value_or(Interval{batch, batch});
      forecaster.local_batches = Interval{std::min(range.lo, batch), std::max(range.hi, batch)};
    }
    if (setup.global_batch) {
      forecaster.global_batch_max =
          std::max(forecaster.global_batch_max.value_or(0), *setup.global_batch);
    }
  }
  try_growth(forecaster, setups);
  return forecaster;
}

void PlanForecaster::forecast(PlannedSetup& planned) const {
  ParallelTraining work = work_of(planned);
  planned.beyond_gpus = std::max(1.0, planned.gpus / gpus_max);
  if (planned.local_batch && local_batches) {
    planned.beyond_local_batch = times_outside(*planned.local_batch, *local_batches);
  }
  if (planned.global_batch && global_batch_max) {
    planned.beyond_global_batch = std::max(1.0, *planned.global_batch / *global_batch_max);
  }
  planned.time_s = time_model.time_s(work);
  work.time_s = planned.time_s;
  ScalingForecast energy = scaling_forecast(energy_models, *energy_models.chosen, work);
  if (energy.energy_j <= 0) {  // A line with a negative fixed part, and a small job.
    energy = scaling_forecast(energy_models, ScalingKind::constant_power, work);
  }
  planned.energy_j = energy.energy_j;
  if (time_model.is_perfect && planned.gpus != gpus_max) {
    planned.basis = PlanBasis::bound;
    return;
  }
  const auto time_half = time_model.half_width(work);
  planned.basis = time_half && energy.half_width ? PlanBasis::tested : PlanBasis::assumed;
  const double doublings = std::log2(planned.beyond_gpus * planned.beyond_local_batch);
  const double time_width =
      std::hypot(time_half.value_or(kAssumedMiss), time_growth.per_doubling * doublings);
  const double energy_width = std::hypot(energy.half_width.value_or(kAssumedMiss),
                                         energy.of_time * time_width,
                                         energy_growth.per_doubling * doublings);
  planned.time_interval = around(planned.time_s, time_width);
  planned.energy_interval = around(planned.energy_j, energy_width);
}

}  // namespace gradwatt
