#include "analyze/epoch_energy.h"

#include "analyze/statistics.h"

#include <vector>

namespace gradwatt {
namespace {

struct EpochNumbers {
  std::vector<double> used;
  bool includes_first = false;
};

/// A number of each complete epoch, without the first unless there is no other.
template <typename Of>
EpochNumbers later_epochs(const RunRow& run, Of of) {
  std::vector<double> first;
  std::vector<double> later;
  bool is_first = true;
  for (const EpochRow& epoch : run.epochs) {
    const std::optional<double> value = of(epoch);
    if (epoch.complete && value) {
      (is_first ? first : later).push_back(*value);
    }
    is_first = false;
  }
  const bool only_first = later.empty();
  return {std::move(only_first ? first : later), only_first};
}

}  // namespace

std::optional<EpochEnergy> energy_per_epoch(const RunRow& run) {
  const EpochNumbers numbers =
      later_epochs(run, [](const EpochRow& epoch) { return epoch.energy_j; });
  if (numbers.used.empty()) {
    return std::nullopt;
  }
  const double mean_j = spread_of(numbers.used).mean;
  if (mean_j <= 0) {
    return std::nullopt;  // The sensor is too coarse for such a short epoch.
  }
  return EpochEnergy{mean_j, static_cast<int>(numbers.used.size()), numbers.includes_first};
}

std::optional<double> time_per_epoch(const RunRow& run) {
  const EpochNumbers numbers = later_epochs(run, [](const EpochRow& epoch) {
    return epoch.duration_s > 0 ? std::optional(epoch.duration_s) : std::nullopt;
  });
  return numbers.used.empty() ? std::nullopt : std::optional(spread_of(numbers.used).mean);
}

}  // namespace gradwatt
