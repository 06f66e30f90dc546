#pragma once

#include "train/plateau.h"

#include <cstdint>
#include <vector>

namespace gradwatt {

enum class Schedule { constant, cosine, step, milestones, poly, plateau };

/// How the rate comes to its peak. ramp: from 0. gradual: from base, step by step. per_epoch: from
/// base, at the beginning of each epoch. With a peak below base there is nothing to rise to.
enum class WarmUp { ramp, gradual, per_epoch };

/// Where a training is.
struct TrainingPoint {
  double epoch = 0;       ///< Since the start; 2.5: the middle of the third.
  double max_epochs = 0;  ///< How many there are in all.
  std::int64_t batch = 0;
  double plateau = 1;  ///< PlateauMemory::scale.
};

/// The learning rate as a pure function of the training's position, and, for `plateau`, of its
/// losses.
struct LearningRate {
  Schedule schedule = Schedule::constant;
  double base = 0.001;
  std::int64_t for_batch = 0;  ///< base is for batches of so many samples; 0: for any.
  double warmup_epochs = 0;
  WarmUp warmup = WarmUp::ramp;
  double step_epochs = 10;   ///< For `step`: the rate is multiplied this often ...
  double step_factor = 0.1;  ///< ... by this; for `milestones` at each of them.
  std::vector<double> milestones{0.3, 0.6, 0.8};  ///< Shares of max_epochs, ascending.
  double poly_power = 2;
  double end = 0;  ///< For `poly`: the rate at the end.
  PlateauRule plateau;

  /// The rate that the warm-up leads to, linear in the batch:  base * batch / for_batch.
  /// Source    Goyal et al., arXiv:1706.02677, "linear scaling rule".
  /// Example   base 0.1 for batches of 256, batch 8192: 3.2.
  [[nodiscard]] double peak(std::int64_t batch) const;

  /// The rate at a position, with p = peak(batch), b the lower of base and p, w warm-up epochs, E
  /// epochs in all.
  ///
  ///   ramp        p * e / w                                          for e < w
  ///   gradual     b + e / w * (p - b)                                for e < w
  ///   per_epoch   b + floor(e) / w * (p - b)                         for e < w
  ///   constant    p
  ///   cosine      p * (1 + cos(pi * (e - w) / (E - w))) / 2
  ///   step        p * step_factor^floor(e / step_epochs)
  ///   milestones  p * step_factor^(how many round(m * E) <= floor(e))
  ///   poly        end + (p - end) * (1 - (e - w) / (E - w))^poly_power
  ///   plateau     p * plateau, see plateau.h
  ///
  /// Source    warm-up: Goyal et al.; per_epoch as study 2, "Energy Consumption in Parallel Neural
  ///           Network Training"; cosine: Loshchilov and Hutter, arXiv:1608.03983, without
  ///           restarts; poly: You et al., arXiv:1708.03888.
  /// Example   cosine with base 0.1 over 10 epochs: 0.1 at 0, 0.05 at 5, 0 at 10; base 0.1 for 256,
  ///           batch 8192, per_epoch over 5: 0.1 0.72 1.34 1.96 2.58, then 3.2.
  [[nodiscard]] double at(const TrainingPoint& point) const;
};

}  // namespace gradwatt
