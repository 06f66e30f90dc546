#include "analyze/epoch_energy.h"

#include "analyze/statistics.h"

#include <vector>

namespace gradwatt {

std::optional<EpochEnergy> energy_per_epoch(const RunRow& run) {
  std::vector<double> first;
  std::vector<double> later;
  bool is_first = true;
  for (const EpochRow& epoch : run.epochs) {
    if (epoch.complete && epoch.energy_j) {
      (is_first ? first : later).push_back(*epoch.energy_j);
    }
    is_first = false;
  }
  const std::vector<double>& used = later.empty() ? first : later;
  if (used.empty()) {
    return std::nullopt;
  }
  const double mean_j = spread_of(used).mean;
  if (mean_j <= 0) {
    return std::nullopt;  // The sensor is too coarse for such a short epoch.
  }
  return EpochEnergy{mean_j, static_cast<int>(used.size()), later.empty()};
}

}  // namespace gradwatt
