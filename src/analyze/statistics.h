#pragma once

#include <optional>
#include <span>
#include <vector>

namespace gradwatt {

/// Mean and sample variance of numbers.
struct Spread {
  double mean = 0;
  std::optional<double> variance;  ///< Divisor n - 1. Absent for one number: unknown, not zero.
  int n = 0;
};

/// One pass, without the cancellation that the mean of squares minus the square of the mean has:
///
///   d = x - mean;   mean += d / n;   m2 += d * (x - mean);   variance = m2 / (n - 1)
///
/// Takes    at least one number.
/// Source   Welford, Note on a method for calculating corrected sums of squares and products,
///          Technometrics 4(3):419, 1962.
/// Example  2, 4, 9 have the mean 5 and the variance 13.
[[nodiscard]] Spread spread_of(std::span<const double> values);

/// The middle number, or the mean of the two middle ones. Takes at least one number.
/// Example  5, 1, 3 have the median 3; 4, 1, 3, 2 have 2.5.
[[nodiscard]] double median(std::vector<double> values);

/// Natural logarithms. Takes positive numbers.
[[nodiscard]] std::vector<double> logs_of(std::span<const double> values);

/// exp(mean(log x)). Takes at least one number, all positive.
/// Example  2 and 8 have the geometric mean 4.
[[nodiscard]] double geometric_mean(std::span<const double> values);

}  // namespace gradwatt
