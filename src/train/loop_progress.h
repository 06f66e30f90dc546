#pragma once

#include "train/early_stopping.h"
#include "train/loss_scale.h"
#include "train/plateau.h"

#include <cstdint>
#include <optional>
#include <string>

namespace gradwatt {

/// How far a training is, beside its tensors. Orders, dropout and learning rates are functions of
/// (seed, epoch, step), so nothing else needs saving.
struct LoopProgress {
  int epoch = 0;                 ///< The one to go on in.
  std::int64_t step = 0;         ///< Steps of it that are done.
  double loss_sum = 0;           ///< Of these steps' samples.
  std::int64_t micro_batch = 0;  ///< Samples at a time; 0: the whole batch.
  LossScale loss_scale;
  EarlyStopping::Memory stopping;
  PlateauMemory plateau;
  std::string ended;  ///< Why it ended; empty: it did not.
};

}  // namespace gradwatt
