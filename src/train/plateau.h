#pragma once

#include <optional>

namespace gradwatt {

/// When a loss counts as no longer falling, and what is then done about the learning rate.
struct PlateauRule {
  double factor = 0.5;      ///< The rate is multiplied by this ...
  int patience = 5;         ///< ... after more than so many epochs without progress,
  double threshold = 1e-4;  ///< which is a loss below best * (1 - threshold).
};

/// What is known of the epochs so far.
struct PlateauMemory {
  std::optional<double> best;
  int epochs_without_progress = 0;
  double scale = 1;  ///< The product of all factors so far.

  bool operator==(const PlateauMemory&) const = default;
};

/// The memory after an epoch with this loss: a pure function, so a training that is resumed from a
/// saved memory goes on exactly. A loss that is not finite is no progress.
/// Source    torch.optim.lr_scheduler.ReduceLROnPlateau, mode "min", threshold_mode "rel".
/// Example   factor 0.5, patience 1, losses 1.0 0.9 0.9 0.95: scale 1 1 1 0.5.
[[nodiscard]] PlateauMemory after_epoch(const PlateauRule& rule, PlateauMemory memory, double loss);

}  // namespace gradwatt
