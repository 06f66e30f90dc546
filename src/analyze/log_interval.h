#pragma once

#include <optional>
#include <span>

namespace gradwatt {

/// What a two-sided 95 % interval leaves out at each end.
inline constexpr double kUpperTail = 0.025;

/// A 95 % confidence interval.
struct Interval {
  double lo = 0;
  double hi = 0;
};

/// A number with what is known of its error.
struct Estimate {
  double value = 0;
  std::optional<Interval> interval;  ///< Absent: one number, or numbers without any spread.
  int n = 0;                         ///< Numbers it comes from.
};

/// Geometric mean with Student's interval on logarithms:
///
///   exp( mean(log x) ± t(n-1; 0.975) * s(log x) / sqrt(n) )
///
/// Energies of repeated trainings are positive and scatter by a factor, so their logarithms are
/// nearer to normal than they are. Equal numbers give no interval: a width of zero would claim
/// a certainty that two runs cannot give.
///
/// Takes    at least one number, all positive.
/// Source   Student, The probable error of a mean, Biometrika 6(1):1, 1908.
/// Example  90, 100 and 110 give 99.67 [77.67, 127.89] with t(2; 0.975) = 4.3027.
[[nodiscard]] Estimate estimate_of(std::span<const double> values);

}  // namespace gradwatt
