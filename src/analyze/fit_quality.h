#pragma once

#include <functional>
#include <optional>
#include <span>

namespace gradwatt {

/// How well a model gives what was measured.
struct FitQuality {
  int rows = 0;
  std::optional<double> r2;  ///< Absent: what was measured does not vary, or one row.
  double mean_error = 0;     ///< Mean of |model - measured| / measured.
  double error_max = 0;
  /// The same of rows that the model has not seen when it gives them. Absent: with a row less it
  /// could not be fitted.
  std::optional<double> left_out_error;
  std::optional<double> left_out_error_max;
  /// 95 % of relative errors are within so much: t √(sum of squares / (rows - coefficients)).
  /// Absent: no row to spare.
  std::optional<double> half_width;
};

/// What a model gives for a row after it was fitted to the others; nullopt when it cannot be.
using GivenWithout = std::function<std::optional<double>(std::size_t row)>;

/// Takes    model and measured: the same rows, measured above 0; coefficients: that were fitted.
/// Source   mean error: MAPE; left-out error: Stone, J. R. Stat. Soc. B 36(2):111, 1974.
/// Example  9 and 22 for 10 and 20, one coefficient: mean error 10 %, R2 0.9, and
///          t(1) √(0.02) = 180 %.
[[nodiscard]] FitQuality fit_quality(std::span<const double> model,
                                     std::span<const double> measured,
                                     int coefficients,
                                     const GivenWithout& given_without);

}  // namespace gradwatt
