#include "analyze/scaling_plan.h"

#include "analyze/plan_forecast.h"
#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

namespace gradwatt {
namespace {

/// Which batches to plan with: global ones, or local ones, or none.
struct PlanBatches {
  std::vector<double> global;
  std::vector<double> local;
};

/// What all setups have, or nullopt.
std::optional<double> shared_number(std::span<const ScalingSetup> setups,
                                    std::optional<double> ScalingSetup::*which,
                                    double within) {
  const std::optional<double> first = setups.front().*which;
  const bool is_shared =
      first && std::all_of(setups.begin(), setups.end(), [&](const ScalingSetup& setup) {
        return setup.*which && std::abs(*(setup.*which) - *first) <= within * *first;
      });
  return is_shared ? first : std::nullopt;
}

PlanBatches measured_batches(std::span<const ScalingSetup> setups) {
  constexpr double kSame = 1e-6;
  if (const auto local = shared_number(setups, &ScalingSetup::local_batch, kSame)) {
    return {{}, {*local}};
  }
  if (const auto global = shared_number(setups, &ScalingSetup::global_batch, kSame)) {
    return {{*global}, {}};
  }
  std::set<double> local;
  double most = 0;
  for (const ScalingSetup& setup : setups) {
    most = std::max(most, *setup.gpus);
  }
  for (const ScalingSetup& setup : setups) {
    if (setup.local_batch && *setup.gpus == most) {
      local.insert(*setup.local_batch);
    }
  }
  return {{}, {local.begin(), local.end()}};
}

double planned_samples(std::span<const ScalingSetup> setups, const PlanRequest& request) {
  if (request.samples) {
    return *request.samples;
  }
  constexpr double kSamplesDiffer = 0.02;
  if (const auto shared = shared_number(setups, &ScalingSetup::samples, kSamplesDiffer)) {
    return *shared;
  }
  const auto fewer = [](const auto& a, const auto& b) { return *a.samples < *b.samples; };
  const auto [least, most] = std::minmax_element(setups.begin(), setups.end(), fewer);
  throw UsageError(
      fmt::format("the runs trained on {:.0f} to {:.0f} samples: which job is planned?",
                  *least->samples,
                  *most->samples),
      "",
      "say --samples N, or --epochs N --dataset N");
}

/// The setups to plan, without their forecasts.
class PlanOutline {
 public:
  PlanOutline(std::span<const ScalingSetup> setups, const PlanRequest& request)
      : demand_(request.demand) {
    has_samples_ = std::all_of(
        setups.begin(), setups.end(), [](const auto& setup) { return setup.samples.has_value(); });
    if (request.samples && !has_samples_) {
      throw UsageError("how the time depends on samples is not known",
                       "--samples",
                       "add a column 'samples' to the table, or plan for the same job without it");
    }
    if (!has_samples_) {
      demand_ = std::nullopt;
    }
    if (has_samples_ && (request.samples || !demand_)) {
      samples_ = planned_samples(setups, request);
    }
    batches_ = {request.global_batches, request.local_batches};
    if (batches_.global.empty() && batches_.local.empty()) {
      batches_ = measured_batches(setups);
    }
    double per_node = request.gpus_per_node.value_or(0);
    for (const ScalingSetup& setup : setups) {
      if (!request.gpus_per_node && setup.nodes) {
        per_node = std::max(per_node, *setup.gpus / *setup.nodes);
      }
    }
    gpus_per_node_ = per_node > 0 ? std::optional(per_node) : std::nullopt;
  }

  /// With every batch; those with less than a sample for a GPU are counted in `impossible`.
  [[nodiscard]] std::vector<PlannedSetup> setups_on(double gpus, int& impossible) const {
    std::vector<PlannedSetup> planned;
    for (const double global : batches_.global) {
      if (global < gpus) {
        ++impossible;
      } else {
        planned.push_back(setup_on(gpus, global));
      }
    }
    for (const double local : batches_.local) {
      planned.push_back(setup_on(gpus, local * gpus));
    }
    if (batches_.global.empty() && batches_.local.empty()) {
      planned.push_back(setup_on(gpus, std::nullopt));
    }
    return planned;
  }

  [[nodiscard]] bool has_batches() const {
    return !batches_.global.empty() || !batches_.local.empty();
  }

 private:
  [[nodiscard]] PlannedSetup setup_on(double gpus, std::optional<double> global) const {
    PlannedSetup planned;
    planned.gpus = gpus;
    if (gpus_per_node_) {
      planned.nodes = std::ceil(gpus / *gpus_per_node_);
    }
    planned.global_batch = global;
    if (global) {
      planned.local_batch = *global / gpus;
    }
    if (has_samples_) {
      planned.samples = samples_ ? *samples_ : demand_->samples(global.value_or(1));
    }
    if (demand_ && global) {
      planned.samples_factor = demand_->factor(*global);
      planned.beyond_reached = demand_->beyond_reached(*global);
      planned.missed_batch = demand_->missed_at(*global);
    }
    return planned;
  }

  PlanBatches batches_;
  std::optional<BatchDemand> demand_;
  std::optional<double> samples_;
  std::optional<double> gpus_per_node_;
  bool has_samples_ = false;
};

void judge_limits(PlannedSetup& planned, const PlanRequest& request) {
  const auto within = [](double value, const std::optional<double>& most) {
    return !most || value <= *most;
  };
  planned.meets =
      within(planned.time_s, request.deadline_s) && within(planned.energy_j, request.energy_max_j);
  const bool is_limited = request.deadline_s || request.energy_max_j;
  planned.is_sure =
      planned.meets && (!is_limited || planned.time_interval) &&
      (!planned.time_interval || within(planned.time_interval->hi, request.deadline_s)) &&
      (!planned.energy_interval || within(planned.energy_interval->hi, request.energy_max_j));
}

/// The fewest GPUs that meet the limits, and the fastest setup there is.
void look_further(ScalingPlan& plan,
                  const PlanOutline& outline,
                  const PlanForecaster& forecaster,
                  const PlanRequest& request) {
  int ignored = 0;
  std::vector<double> counts;
  for (double gpus = 1; gpus <= kMostPlannedGpus; gpus *= 2) {
    counts.push_back(gpus);
  }
  counts.push_back(kMostPlannedGpus);
  for (const double gpus : counts) {
    for (PlannedSetup& planned : outline.setups_on(gpus, ignored)) {
      forecaster.forecast(planned);
      judge_limits(planned, request);
      if (planned.meets && !plan.would_meet) {
        plan.would_meet = planned;
      }
      if (!plan.fastest || planned.time_s < plan.fastest->time_s) {
        plan.fastest = planned;
      }
    }
  }
}

void check_batches_known(const PlanForecaster& forecaster, const PlanOutline& outline) {
  const auto& terms = forecaster.time_model.terms;
  const bool in_time = std::any_of(terms.begin(), terms.end(), [](TimeTerm term) {
    return term == TimeTerm::step || term == TimeTerm::exchange;
  });
  const bool in_energy = forecaster.energy_models.chosen == ScalingKind::rates &&
                         forecaster.energy_models.rates->coefficient(EnergyTerm::update) != nullptr;
  if ((in_time || in_energy) && !outline.has_batches()) {
    throw UsageError("time and energy depend on the batch, and none is known",
                     "",
                     "say --global-batch N or --local-batch N");
  }
}

}  // namespace

double BatchDemand::samples(double global_batch) const {
  return samples_min * (critical_batch ? 1 + global_batch / *critical_batch : 1);
}

std::optional<double> BatchDemand::missed_at(double global_batch) const {
  const auto largest_to = [&](const std::vector<double>& batches) {
    const auto next = std::upper_bound(batches.begin(), batches.end(), global_batch);
    return next == batches.begin() ? std::nullopt : std::optional(*std::prev(next));
  };
  const auto missed = largest_to(batches_missed);
  const auto reached = largest_to(batches_reached);
  return missed && (!reached || *reached < *missed) ? missed : std::nullopt;
}

double BatchDemand::beyond_reached(double global_batch) const {
  return batches_reached.empty() ? 1 : std::max(1.0, global_batch / batches_reached.back());
}

std::optional<double> BatchDemand::factor(double global_batch) const {
  const bool is_seen = critical_batch || beyond_reached(global_batch) == 1;
  if (!compares_batches || !is_seen || missed_at(global_batch)) {
    return std::nullopt;
  }
  return samples(global_batch) / samples_min;
}

ScalingPlan plan_scaling(std::span<const ScalingSetup> setups, const PlanRequest& request) {
  const PlanForecaster forecaster = plan_forecaster(setups);
  const PlanOutline outline(setups, request);
  check_batches_known(forecaster, outline);
  ScalingPlan plan{forecaster.energy_models,
                   forecaster.time_model,
                   forecaster.time_growth,
                   forecaster.energy_growth,
                   forecaster.gpus_min,
                   forecaster.gpus_max};
  int impossible = 0;
  for (const double gpus : request.gpus) {
    for (PlannedSetup& planned : outline.setups_on(gpus, impossible)) {
      forecaster.forecast(planned);
      judge_limits(planned, request);
      plan.setups.push_back(planned);
    }
  }
  if (impossible > 0) {
    plan.notes.push_back(fmt::format(
        "{} combinations have more GPUs than samples in a batch and are left out", impossible));
  }
  for (std::size_t i = 0; i < plan.setups.size(); ++i) {
    const bool cheaper =
        !plan.cheapest || plan.setups[i].energy_j < plan.setups[*plan.cheapest].energy_j;
    if (plan.setups[i].meets && cheaper) {
      plan.cheapest = i;
    }
  }
  if (!plan.cheapest) {
    look_further(plan, outline, forecaster, request);
  }
  return plan;
}

}  // namespace gradwatt
