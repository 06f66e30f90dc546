#pragma once

#include "analyze/table.h"

#include <optional>

namespace gradwatt {

/// What a typical epoch of a run costs.
struct EpochEnergy {
  double mean_j = 0;
  int epochs = 0;               ///< Epochs in the mean.
  bool includes_first = false;  ///< There was only one: its warm-up is in the number.
};

/// Mean time of a run's complete epochs by the same rule. nullopt when none has a known time.
[[nodiscard]] std::optional<double> time_per_epoch(const RunRow& run);

/// Mean energy of a run's complete epochs, the first one apart: it also loads data, fills caches
/// and chooses kernels. A run of one epoch has only that one, and says so.
///
/// Returns  nullopt when no complete epoch has a known, positive energy.
/// Example  Epochs of 150, 100 and 104 J cost 102 J each; a single epoch of 150 J costs 150 J.
[[nodiscard]] std::optional<EpochEnergy> energy_per_epoch(const RunRow& run);

}  // namespace gradwatt
