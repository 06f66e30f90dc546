#pragma once

#include <optional>
#include <span>

namespace gradwatt {

/// A mean of repeats and how far it can be off, in the unit of the numbers themselves: what sums
/// and differences of energies need, where log_interval.h serves ratios.
struct RepeatedMean {
  double value = 0;  ///< Arithmetic mean.
  std::optional<double>
      variance;  ///< Of the mean: s² / n. Absent for one number: unknown, not zero.
  int n = 0;     ///< Numbers it comes from.
};

/// Takes    at least one number.
/// Example  2, 4 and 9: mean 5, variance of the mean 13 / 3.
[[nodiscard]] RepeatedMean repeated_mean(std::span<const double> values);

/// A part of a sum's variance, and the degrees of freedom that it was estimated with.
struct VarianceTerm {
  double variance = 0;
  double df = 1;
};

/// Degrees of freedom of a sum of independently estimated variances:
///
///   df = (sum v_i)² / sum(v_i² / df_i)
///
/// Takes    terms of which at least one has a variance above 0.
/// Source   Satterthwaite, An approximate distribution of estimates of variance components,
///          Biometrics Bulletin 2(6):110, 1946; Welch 1947.
/// Example  Two equal variances from three numbers each: df = 4.
[[nodiscard]] double satterthwaite_df(std::span<const VarianceTerm> terms);

/// Student's t that leaves 2.5 % at each end. Example  2 degrees of freedom: 4.303.
[[nodiscard]] double student_t(double df);

}  // namespace gradwatt
