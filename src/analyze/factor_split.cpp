#include "analyze/factor_split.h"

#include <cmath>

namespace gradwatt {
namespace {

// A change of less than a per mille has no parts worth naming.
constexpr double kNoChange = 1e-3;

bool is_complete(const SetupResult& setup) {
  return setup.energy_per_epoch_j && setup.epochs_needed && setup.energy_to_goal_j;
}

}  // namespace

std::optional<FactorSplit> split_of(const SetupResult& a, const SetupResult& b) {
  if (!is_complete(a) || !is_complete(b)) {
    return std::nullopt;
  }
  return split_into(a.energy_to_goal_j->value / b.energy_to_goal_j->value,
                    welch_ratio(a.energies_per_epoch_j, b.energies_per_epoch_j),
                    welch_ratio(a.epochs_to_goal, b.epochs_to_goal));
}

FactorSplit split_into(double whole, const Ratio& epoch_energy, const Ratio& epochs) {
  FactorSplit split{epoch_energy, epochs, whole / (epoch_energy.value * epochs.value), {}};
  const double log_whole = std::log(whole);
  if (std::abs(log_whole) > kNoChange) {
    split.parts = FactorSplit::Parts{std::log(split.epoch_energy.value) / log_whole,
                                     std::log(split.epochs.value) / log_whole,
                                     std::log(split.rest) / log_whole};
  }
  return split;
}

}  // namespace gradwatt
