#include "analyze/run_quantity.h"

#include "analyze/energy_to_goal.h"
#include "analyze/epoch_energy.h"
#include "base/expects.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

std::optional<double> value_to_goal(const RunRow& run,
                                    RunQuantity quantity,
                                    const std::optional<GoalLine>& line) {
  if (has_reached(run, line) != true) {
    return std::nullopt;
  }
  const bool of_energy = quantity == RunQuantity::energy_to_goal;
  const bool of_epochs = quantity == RunQuantity::epochs_to_goal;
  if (!line) {  // The run's table says that it reached its goal: all of it was needed.
    return of_energy ? energy_spent(run) : of_epochs ? std::nullopt : time_spent(run);
  }
  const auto cost = cost_to_goal(run, *line);
  if (!cost || !of_epochs) {
    return !cost ? std::nullopt : of_energy ? cost->energy_j : cost->time_s;
  }
  return cost->epochs ? std::optional(std::max(1.0, static_cast<double>(*cost->epochs)))
                      : std::nullopt;
}

std::optional<double> power_of(const RunRow& run) {
  const auto energy = energy_spent(run);
  const auto time = time_spent(run);
  return energy && time ? std::optional(*energy / *time) : std::nullopt;
}

std::optional<double> any_value_of(const RunRow& run,
                                   RunQuantity quantity,
                                   const std::optional<GoalLine>& line) {
  switch (quantity) {
    case RunQuantity::energy_per_epoch: {
      const auto energy = energy_per_epoch(run);
      return energy ? std::optional(energy->mean_j) : std::nullopt;
    }
    case RunQuantity::energy_total:
      return energy_spent(run);
    case RunQuantity::time_per_epoch:
      return time_per_epoch(run);
    case RunQuantity::time_total:
      return time_spent(run);
    case RunQuantity::power_mean:
      return power_of(run);
    case RunQuantity::gpu_hours:
      return run.gpu_hours;
    case RunQuantity::energy_to_goal:
    case RunQuantity::time_to_goal:
    case RunQuantity::epochs_to_goal:
      return value_to_goal(run, quantity, line);
  }
  expects(false, "a known quantity");
  return std::nullopt;
}

}  // namespace

const char* name_of(RunQuantity quantity) {
  switch (quantity) {
    case RunQuantity::energy_to_goal:
      return "energy_to_goal";
    case RunQuantity::energy_per_epoch:
      return "energy_per_epoch";
    case RunQuantity::energy_total:
      return "energy_total";
    case RunQuantity::time_to_goal:
      return "time_to_goal";
    case RunQuantity::time_per_epoch:
      return "time_per_epoch";
    case RunQuantity::time_total:
      return "time_total";
    case RunQuantity::epochs_to_goal:
      return "epochs_to_goal";
    case RunQuantity::power_mean:
      return "power_mean";
    case RunQuantity::gpu_hours:
      return "gpu_hours";
  }
  expects(false, "a known quantity");
  return "";
}

std::optional<RunQuantity> run_quantity_named(std::string_view name) {
  for (const RunQuantity quantity : kRunQuantities) {
    if (name == name_of(quantity)) {
      return quantity;
    }
  }
  return std::nullopt;
}

bool is_to_goal(RunQuantity quantity) {
  return quantity == RunQuantity::energy_to_goal || quantity == RunQuantity::time_to_goal ||
         quantity == RunQuantity::epochs_to_goal;
}

std::optional<double> value_of(const RunRow& run,
                               RunQuantity quantity,
                               const std::optional<GoalLine>& line) {
  const auto value = any_value_of(run, quantity, line);
  return value && std::isfinite(*value) && *value > 0 ? value : std::nullopt;
}

std::optional<bool> has_reached(const RunRow& run, const std::optional<GoalLine>& line) {
  if (!line) {
    return run.reached;
  }
  if (run.epochs.empty()) {
    const auto value = best_value(run, line->metric, line->smaller_is_better);
    return value ? std::optional(reaches(*value, *line)) : run.reached;
  }
  return std::any_of(run.epochs.begin(), run.epochs.end(), [&](const EpochRow& epoch) {
    return reaches(epoch, *line);
  });
}

std::optional<double> metric_in(const RunRow& run, const MetricChoice& metric) {
  if (metric.of == MetricOf::last) {
    for (auto epoch = run.epochs.rbegin(); epoch != run.epochs.rend(); ++epoch) {
      const auto found = epoch->metrics.find(metric.name);
      if (found != epoch->metrics.end() && std::isfinite(found->second)) {
        return found->second;
      }
    }
  }
  return best_value(run, metric.name, metric.smaller_is_better);
}

}  // namespace gradwatt
