#pragma once

#include "analyze/log_interval.h"
#include "analyze/nonnegative_fit.h"

#include <optional>
#include <span>
#include <vector>

namespace gradwatt {

/// A linear model y = c . x without negative coefficients, with what its rows say of its errors:
///
///   s²      = sum (c . x - y)² / (rows - coefficients above 0)
///   c_i     ± t s √((X'X)⁻¹_ii)
///   y of x  ± t s √(1 + x' (X'X)⁻¹ x)        one more row
///
/// t is Student's at 97.5 %. For the coefficients X has the columns of those above 0. For one more
/// row it has all columns where that can be inverted, since a coefficient that scatter has put to 0
/// may be above; that width grows as x moves away from the rows.
///
/// Source   Draper and Smith, Applied Regression Analysis, 1998, chapter 5.
/// Example  1 = c, 2 = c, 3 = c: c is 2 ± 4.303 / √3 = 2 ± 2.48; one more y is 2 ± 4.97.
class NonnegativeModel {
 public:
  NonnegativeModel() = default;
  /// Takes  at least one row; every row has as many inputs.
  explicit NonnegativeModel(std::span<const FitRow> rows);

  [[nodiscard]] const std::vector<double>& coefficients() const { return coefficients_; }
  [[nodiscard]] double value(std::span<const double> inputs) const;
  /// 95 % of a coefficient, cut at 0. nullopt at the bound 0, or without a row to spare.
  [[nodiscard]] std::optional<Interval> interval(std::size_t coefficient) const;
  /// Half the width of the 95 % interval of one more row. nullopt without a row to spare.
  [[nodiscard]] std::optional<double> half_width(std::span<const double> inputs) const;

 private:
  std::vector<double> coefficients_;
  std::vector<std::size_t> above_;                // The coefficients above 0.
  std::vector<std::vector<double>> inverse_;      // (X'X)⁻¹, in the order of `above_`.
  std::optional<double> deviation_;               // t s.
  std::vector<std::vector<double>> all_inverse_;  // The same of all columns; empty: none.
};

}  // namespace gradwatt
