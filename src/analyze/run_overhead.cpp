#include "analyze/run_overhead.h"

#include "analyze/energy_to_goal.h"

namespace gradwatt {

std::optional<double> overhead_share(const RunRow& run) {
  const auto total = energy_spent(run);
  if (!total || *total <= 0 || !run.outside_epochs_j) {
    return std::nullopt;
  }
  double overhead_j = *run.outside_epochs_j;
  for (const EpochRow& epoch : run.epochs) {
    overhead_j += epoch.eval_j.value_or(0);
  }
  return overhead_j / *total;
}

std::optional<double> starved_share(const RunRow& run) {
  double starved_s = 0;
  double time_s = 0;
  for (const EpochRow& epoch : run.epochs) {
    const auto starved = epoch.metrics.find("starved_s");
    if (starved != epoch.metrics.end() && epoch.duration_s > 0) {
      starved_s += starved->second;
      time_s += epoch.duration_s;
    }
  }
  return time_s > 0 ? std::optional(starved_s / time_s) : std::nullopt;
}

}  // namespace gradwatt
