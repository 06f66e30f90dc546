#include "analyze/energy_to_goal.h"

#include "analyze/statistics.h"
#include "base/expects.h"

#include <algorithm>

namespace gradwatt {

namespace {

std::optional<double> positive(std::optional<double> number) {
  return number && *number > 0 ? number : std::nullopt;
}

bool reached_as_a_whole(const RunRow& run, const GoalLine& goal) {
  const auto metric = run.metrics.find(goal.metric);
  return metric != run.metrics.end() ? reaches(metric->second, goal) : run.reached.value_or(false);
}

void add(std::optional<double>& sum, std::optional<double> part) {
  if (!part) {
    sum.reset();
  } else if (sum) {
    *sum += *part;
  }
}

/// Time that a run spent outside its epochs; 0 when it says nothing of it.
double time_outside(const RunRow& run) {
  double inside = 0;
  for (const EpochRow& epoch : run.epochs) {
    inside += epoch.duration_s;
  }
  return run.duration_s ? std::max(0.0, *run.duration_s - inside) : 0;
}

}  // namespace

std::optional<GoalCost> cost_to_goal(const RunRow& run, const GoalLine& goal) {
  if (run.epochs.empty()) {
    if (!reached_as_a_whole(run, goal)) {
      return std::nullopt;
    }
    return GoalCost{std::nullopt, positive(run.total_j), true, positive(run.duration_s)};
  }
  GoalCost cost;
  int epochs = 0;
  cost.energy_j = 0;
  cost.time_s = 0;
  for (const EpochRow& epoch : run.epochs) {
    epochs += epoch.complete ? 1 : 0;
    add(cost.energy_j, epoch.energy_j);
    add(cost.time_s, positive(epoch.duration_s));
    if (reaches(epoch, goal)) {
      cost.epochs = epochs;
      cost.outside_epochs_known = run.outside_epochs_j.has_value();
      add(cost.energy_j, run.outside_epochs_j.value_or(0));
      add(cost.time_s, time_outside(run));
      // Not positive: the sensor is too coarse for such a short run.
      cost.energy_j = positive(cost.energy_j);
      return cost;
    }
  }
  return std::nullopt;
}

bool tells_goal(const RunRow& run, const GoalLine& goal) {
  if (best_value(run, goal.metric, goal.smaller_is_better)) {
    return true;
  }
  return run.epochs.empty() && run.reached.has_value();
}

std::optional<double> time_spent(const RunRow& run) {
  if (positive(run.duration_s)) {
    return run.duration_s;
  }
  std::optional<double> sum = 0;
  for (const EpochRow& epoch : run.epochs) {
    add(sum, positive(epoch.duration_s));
  }
  return positive(sum);
}

std::optional<double> energy_spent(const RunRow& run) {
  if (run.total_j || !run.outside_epochs_j) {
    return run.total_j;
  }
  double sum = *run.outside_epochs_j;
  for (const EpochRow& epoch : run.epochs) {
    if (!epoch.energy_j) {
      return std::nullopt;
    }
    sum += *epoch.energy_j;
  }
  return sum;
}

double expected_energy(std::span<const double> reached,
                       std::span<const double> missed,
                       std::optional<int> n_reached) {
  expects(!reached.empty(), "a run that reached the goal");
  const double mean = spread_of(reached).mean;
  if (missed.empty()) {
    return mean;
  }
  const double missed_per_reached =
      static_cast<double>(missed.size()) /
      static_cast<double>(n_reached.value_or(static_cast<int>(reached.size())));
  return mean + missed_per_reached * spread_of(missed).mean;
}

}  // namespace gradwatt
