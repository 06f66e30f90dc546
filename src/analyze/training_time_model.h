#pragma once

#include "analyze/fit_quality.h"
#include "analyze/nonnegative_model.h"
#include "analyze/scaling_setup.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// What takes time in a data-parallel training.
enum class TimeTerm {
  sample,    ///< samples / GPUs: the computing itself.
  start,     ///< Once in a run: start-up, and what else does not grow with it.
  step,      ///< updates: launches, and whatever each step costs however small its batch is.
  exchange,  ///< updates * (1 - 1 / GPUs): a ring's part of the gradients to pass on.
};

[[nodiscard]] const char* name_of(TimeTerm term);

/// The time of a training, one of two forms:
///
///   t = t_start + t_step U + t_sample S / g + t_exchange U (1 - 1 / g)      terms
///   t = exp(a) S / g * g^b                                                  trend
///
/// with S samples, U updates and g GPUs. The trend says only by how much each doubling of GPUs
/// falls short of half the time: b = 0 is linear speed-up. Where samples are not known, S is 1: the
/// job is the same on any number of GPUs.
struct TrainingTimeModel {
  std::vector<TimeTerm> terms;  ///< Empty: the trend.
  NonnegativeModel fit;         ///< Of terms, relative to the time.
  double trend_a = 0;
  double trend_b = 0;
  bool is_perfect = false;  ///< One number of GPUs: linear speed-up is assumed, not measured.
  FitQuality quality;

  /// In seconds. The work's time and energy are not looked at.
  [[nodiscard]] double time_s(const ParallelTraining& work) const;
  /// Half the width of the 95 % interval over the time, wide enough for each rival's time and
  /// interval. Absent: no setup to spare.
  [[nodiscard]] std::optional<double> half_width(const ParallelTraining& work) const;

  double trend_mean = 0;     ///< Of ln g over the fitted setups.
  double trend_squares = 0;  ///< Sum of squares around it.
  double condition = 1;      ///< Of the terms' columns, scaled to the same length.
  /// Other forms that miss setups left out by at most half as much again: the setups cannot tell
  /// which of them is right, and they part far from the setups.
  std::vector<TrainingTimeModel> rivals;
};

/// Fits the trend and every combination of terms whose inputs can be told apart (condition number
/// of the scaled columns at most 30: Belsley, Kuh and Welsch, Regression Diagnostics, 1980), with
/// relative errors and coefficients that are not negative, and takes that which misses setups left
/// out by the least; within a tenth of that, the one with the fewest terms.
///
/// Takes    setups: of one job; the number of GPUs is known for all.
/// Returns  nullopt without a setup.
/// Example  Study 2's 11 trainings on up to 32 GPUs: start, sample and exchange; 2 % off when left
///          out; at most 10 % off on 64, 128 and 256 GPUs.
[[nodiscard]] std::optional<TrainingTimeModel> fit_training_time(
    std::span<const ScalingSetup> setups);

}  // namespace gradwatt
