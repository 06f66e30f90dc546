#pragma once

#include <span>
#include <vector>

namespace gradwatt {

/// One observation: a value and the inputs that explain it.
struct FitRow {
  std::vector<double> inputs;
  double value = 0;
};

/// The coefficients c >= 0 that minimise the sum over rows of (c . inputs - value)^2.
///
/// An active set: a coefficient enters where the gradient says that it helps, and leaves where the
/// solution without bounds would make it negative. Columns are scaled to the same length first.
///
/// Takes    at least one row; every row has as many inputs.
/// Source   Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23.
/// Example  2 = c0 + c1 and 1 = c0 + 2 c1 would have c1 = -1: c0 = 1.5, c1 = 0.
[[nodiscard]] std::vector<double> nonnegative_fit(std::span<const FitRow> rows);

}  // namespace gradwatt
