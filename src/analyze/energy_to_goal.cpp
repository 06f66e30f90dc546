#include "analyze/energy_to_goal.h"

#include "analyze/statistics.h"
#include "base/expects.h"

namespace gradwatt {

std::optional<GoalCost> cost_to_goal(const RunRow& run, const GoalLine& goal) {
  GoalCost cost;
  cost.energy_j = 0;
  for (const EpochRow& epoch : run.epochs) {
    cost.epochs += epoch.complete ? 1 : 0;
    if (!epoch.energy_j) {
      cost.energy_j.reset();
    } else if (cost.energy_j) {
      *cost.energy_j += *epoch.energy_j;
    }
    if (reaches(epoch, goal)) {
      cost.outside_epochs_known = run.outside_epochs_j.has_value();
      if (cost.energy_j) {
        *cost.energy_j += run.outside_epochs_j.value_or(0);
      }
      if (cost.energy_j && *cost.energy_j <= 0) {
        cost.energy_j.reset();  // The sensor is too coarse for such a short run.
      }
      return cost;
    }
  }
  return std::nullopt;
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

double expected_energy(std::span<const double> reached, std::span<const double> missed) {
  expects(!reached.empty(), "a run that reached the goal");
  const double mean = spread_of(reached).mean;
  if (missed.empty()) {
    return mean;
  }
  const double missed_per_reached =
      static_cast<double>(missed.size()) / static_cast<double>(reached.size());
  return mean + missed_per_reached * spread_of(missed).mean;
}

}  // namespace gradwatt
