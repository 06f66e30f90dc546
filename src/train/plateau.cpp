#include "train/plateau.h"

#include <cmath>

namespace gradwatt {

PlateauMemory after_epoch(const PlateauRule& rule, PlateauMemory memory, double loss) {
  const bool is_better =
      std::isfinite(loss) && (!memory.best || loss < *memory.best * (1 - rule.threshold));
  if (is_better) {
    memory.best = loss;
    memory.epochs_without_progress = 0;
  } else {
    ++memory.epochs_without_progress;
  }
  if (memory.epochs_without_progress > rule.patience) {
    memory.scale *= rule.factor;
    memory.epochs_without_progress = 0;
  }
  return memory;
}

}  // namespace gradwatt
