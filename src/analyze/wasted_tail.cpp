#include "analyze/wasted_tail.h"

#include "analyze/goal.h"

#include <cmath>

namespace gradwatt {

std::optional<double> wasted_tail(const RunRow& run,
                                  const std::string& metric,
                                  bool smaller_is_better) {
  const auto best = run.epochs.empty() ? std::nullopt : best_value(run, metric, smaller_is_better);
  if (!best) {
    return std::nullopt;
  }
  const GoalLine nearly{
      metric,
      smaller_is_better ? *best + kNearlyBest * std::abs(*best) : *best - kNearlyBest,
      smaller_is_better};
  std::optional<double> tail_j;
  for (const EpochRow& epoch : run.epochs) {
    if (tail_j) {
      if (!epoch.energy_j) {
        return std::nullopt;
      }
      *tail_j += *epoch.energy_j;
    } else if (reaches(epoch, nearly)) {
      tail_j = 0;
    }
  }
  return tail_j;
}

}  // namespace gradwatt
