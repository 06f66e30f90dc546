#pragma once

#include "analyze/log_interval.h"

#include <optional>
#include <span>
#include <vector>

namespace gradwatt {

/// A part of the squared error of a difference: weight * variance / n.
struct ErrorPart {
  double variance = 0;
  int n = 0;          ///< Numbers behind `variance`; at least 2.
  double weight = 1;  ///< Of this part in the squared error.
};

/// A difference of means with all that is known of its error.
struct MeanDifference {
  double value = 0;
  std::vector<ErrorPart> parts;  ///< Empty: nothing was repeated, or nothing scatters.
  bool over_blocks = false;      ///< The scatter is that between blocks, not between repeats.
};

/// Standard error and degrees of freedom of a difference.
struct DifferenceError {
  double standard = 0;
  double df = 0;
};

/// The error as it is, or as it would be with `more` numbers in each part:
///
///   v_i = weight_i * variance_i / (n_i + more);   standard = sqrt(sum v_i)
///   df = (sum v_i)² / sum( v_i² / (n_i + more - 1) )
///
/// Returns  nullopt when nothing is known of the scatter.
/// Source   Satterthwaite, An approximate distribution of estimates of variance components,
///          Biometrics Bulletin 2(6):110, 1946.
/// Example  Variances 4 and 12 of 4 numbers each: standard 2, df 16 / (1/3 + 9/3) = 4.8.
[[nodiscard]] std::optional<DifferenceError> error_of(const MeanDifference& difference,
                                                      int more = 0);

/// Mean of a minus mean of b, with the parts of Welch's error. Takes at least one number each.
/// Source   Welch, Biometrika 34(1/2):28, 1947.
/// Example  1, 3 against 2, 6: -2, with the parts 2/2 and 8/2.
[[nodiscard]] MeanDifference mean_difference(std::span<const double> a, std::span<const double> b);

/// The interval that leaves out `tail` at each end: value ± t(df; 1 - tail) * standard.
/// Returns  nullopt when nothing is known of the scatter.
/// Example  -2 with standard 2 and df 4.8, 95 %: [-7.21, 3.21] with t = 2.6041.
[[nodiscard]] std::optional<Interval> interval_of(const MeanDifference& difference,
                                                  double tail = kUpperTail);

/// The probability of a value as far above `limit` or further, if the true difference is `limit`.
/// Returns  nullopt when nothing is known of the scatter.
/// Example  -2 with standard 2 and df 4.8 is above -4 with p = 0.183.
[[nodiscard]] std::optional<double> p_above(const MeanDifference& difference, double limit);

/// The same for a value as far below `limit` or further: both add up to 1.
[[nodiscard]] std::optional<double> p_below(const MeanDifference& difference, double limit);

/// The probability of a value as far from `limit`, above or below, if the true difference is that.
[[nodiscard]] std::optional<double> p_apart(const MeanDifference& difference, double limit = 0);

}  // namespace gradwatt
