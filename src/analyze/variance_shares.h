#pragma once

#include <optional>
#include <span>
#include <vector>

namespace gradwatt {

/// One number of a grid and where it stands: its index on each axis.
struct GridNumber {
  std::vector<std::size_t> place;
  double value = 0;
};

/// How much of the variation of numbers on a grid each axis explains, 0 to 1:
///
///   G_i = RSS(all axes but i) - RSS(all axes),   share_i = G_i / ( sum of G + RSS(all axes) )
///
/// with the residual sum of squares RSS of an additive model (a constant and one effect per value
/// of each axis) fitted by least squares. On a full grid the denominator is the sum of squares
/// around the mean, and this is the main effect of a two-way analysis of variance. With holes G_i
/// is what only this axis can explain. What is left to 1 is interaction and noise. Logarithms of
/// energies are the numbers to use: factors multiply.
///
/// Takes    numbers with as many indices each.
/// Returns  nullopt when the model leaves no degree of freedom, nothing varies, or the axes cannot
///          be told apart.
/// Source   Fisher, Statistical Methods for Research Workers, 1925, chapter VII; for holes, Yates,
///          The analysis of multiple classifications with unequal numbers, JASA 29:51, 1934.
/// Example  Study 1, Table 2 (docs/analysis.md): batch explains 99.8, 96.1, 86.4 and 96.5 %.
[[nodiscard]] std::optional<std::vector<double>> variance_shares(
    std::span<const GridNumber> numbers);

}  // namespace gradwatt
