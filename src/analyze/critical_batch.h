#pragma once

#include "analyze/log_interval.h"

#include <optional>
#include <span>

namespace gradwatt {

/// A number that was measured at a batch size.
struct BatchPoint {
  double batch = 0;
  double value = 0;
};

/// What an epoch costs by batch size: something for each sample, and something for each step.
struct EpochCostByBatch {
  double per_epoch = 0;   ///< a: what all samples of an epoch cost, however they are grouped.
  double per_step = 0;    ///< b: times 1/B it is what the steps of an epoch cost.
  double half_batch = 0;  ///< b / a: there the two are equal. Infinite when a is 0.
  double mean_error = 0;  ///< Mean of |fitted - measured| / measured.

  [[nodiscard]] double at(double batch) const { return per_epoch + per_step / batch; }
};

/// Fits
///
///   e(B) = a + b / B
///
/// by least squares of relative errors, with a and b not negative.
///
/// Takes    positive numbers.
/// Returns  nullopt for fewer than three batch sizes.
/// Example  e = 27, 47 and 107 at B = infinite, 256 and 64 (27 + 5120 / B): B_half = 189.6.
[[nodiscard]] std::optional<EpochCostByBatch> epoch_cost_by_batch(
    std::span<const BatchPoint> points);

/// How many epochs a training needs by batch size.
struct EpochsByBatch {
  double epochs_min = 0;           ///< At small batches.
  std::optional<double> critical;  ///< B_crit. Absent: not identifiable.
  std::optional<Interval> slope;   ///< 95 %, of N_min / B_crit. Absent: no row to spare.
  double mean_error = 0;

  /// Epochs at a batch size; epochs_min where B_crit is not identifiable.
  [[nodiscard]] double at(double batch) const;
};

/// Fits
///
///   N(B) = N_min (1 + B / B_crit)
///
/// a straight line in B, by least squares of relative errors. B_crit, beyond which larger batches
/// waste samples, is not identifiable where the 95 % interval of the slope includes 0: then the
/// batch size did not change the number of epochs as far as these runs can tell.
///
/// Takes    positive numbers; learning rates are assumed to have been tuned for each batch size.
/// Returns  nullopt for fewer than three batch sizes.
/// Source   McCandlish et al., An Empirical Model of Large-Batch Training, arXiv:1812.06162, 2018.
/// Example  10, 12, 16 and 24 epochs at 256, 512, 1024 and 2048: N_min = 8, B_crit = 1024.
[[nodiscard]] std::optional<EpochsByBatch> epochs_by_batch(std::span<const BatchPoint> points);

/// The batch size that makes e(B) N(B) smallest:
///
///   B* = sqrt(B_crit * B_half)
///
/// Example  B_crit = 1024 and B_half = 256: 512.
[[nodiscard]] std::optional<double> cheapest_batch(const EpochCostByBatch& cost,
                                                   const EpochsByBatch& epochs);

}  // namespace gradwatt
