#include "analyze/run_quantity.h"

#include "analyze/energy_to_goal.h"
#include "analyze/epoch_energy.h"
#include "analyze/statistics.h"
#include "base/expects.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <vector>

namespace gradwatt {
namespace {

std::optional<double> time_of_epochs(const RunRow& run) {
  std::vector<double> first;
  std::vector<double> later;
  bool is_first = true;
  for (const EpochRow& epoch : run.epochs) {
    if (epoch.complete && epoch.duration_s > 0) {
      (is_first ? first : later).push_back(epoch.duration_s);
    }
    is_first = false;
  }
  const std::vector<double>& used = later.empty() ? first : later;
  return used.empty() ? std::nullopt : std::optional(spread_of(used).mean);
}

/// All time outside epochs, and that of the epochs until the goal.
std::optional<double> time_until(const RunRow& run, const GoalLine& line) {
  double until = 0;
  double all = 0;
  bool reached = false;
  for (const EpochRow& epoch : run.epochs) {
    all += epoch.duration_s;
    until += reached ? 0 : epoch.duration_s;
    reached = reached || reaches(epoch, line);
  }
  if (!reached) {
    return std::nullopt;
  }
  return until + (run.duration_s ? std::max(0.0, *run.duration_s - all) : 0);
}

std::optional<double> value_to_goal(const RunRow& run,
                                    RunQuantity quantity,
                                    const std::optional<GoalLine>& line) {
  if (has_reached(run, line) != true) {
    return std::nullopt;
  }
  const auto cost = line ? cost_to_goal(run, *line) : std::nullopt;
  switch (quantity) {
    case RunQuantity::energy_to_goal:
      return cost ? cost->energy_j : energy_spent(run);
    case RunQuantity::time_to_goal:
      return cost ? time_until(run, *line) : run.duration_s;
    default:
      // Of a run that is one row nobody knows in which epoch it reached the goal.
      return cost ? std::optional(std::max(1.0, static_cast<double>(cost->epochs))) : std::nullopt;
  }
}

bool is_better(double value, double than, const MetricChoice& metric) {
  return metric.smaller_is_better ? value < than : value > than;
}

std::optional<double> power_of(const RunRow& run) {
  const auto energy = energy_spent(run);
  const bool known = energy && run.duration_s && *run.duration_s > 0;
  return known ? std::optional(*energy / *run.duration_s) : std::nullopt;
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
      return time_of_epochs(run);
    case RunQuantity::time_total:
      return run.duration_s;
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
    const auto metric = run.metrics.find(line->metric);
    if (metric == run.metrics.end() || !std::isfinite(metric->second)) {
      return run.reached;
    }
    return line->smaller_is_better ? metric->second <= line->threshold
                                   : metric->second >= line->threshold;
  }
  return std::any_of(run.epochs.begin(), run.epochs.end(), [&](const EpochRow& epoch) {
    return reaches(epoch, *line);
  });
}

bool is_small_good(std::string_view metric) {
  std::string lower(metric);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  constexpr std::array kWords{"loss", "err", "rmse", "mse", "mae", "perplexity", "ppl"};
  return std::any_of(kWords.begin(), kWords.end(), [&](const char* word) {
    return lower.find(word) != std::string::npos;
  });
}

std::optional<double> metric_in(const RunRow& run, const MetricChoice& metric) {
  std::optional<double> chosen;
  const auto offer = [&](const auto& metrics) {
    const auto found = metrics.find(metric.name);
    if (found == metrics.end() || !std::isfinite(found->second)) {
      return;
    }
    const double value = found->second;
    if (metric.of == MetricOf::last || !chosen || is_better(value, *chosen, metric)) {
      chosen = value;
    }
  };
  for (const EpochRow& epoch : run.epochs) {
    offer(epoch.metrics);
  }
  if (!chosen) {
    offer(run.metrics);
  }
  return chosen;
}

}  // namespace gradwatt
