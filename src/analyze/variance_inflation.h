#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// By what factor the variance of a coefficient grows because the other columns explain its own:
///
///   VIF = 1 / (1 - R2 of the column on all others)
///
/// Takes    columns of equal length, the constant among them; `column` is one that varies.
/// Returns  1 at least; nullopt when the others give the column exactly, or it does not vary.
/// Source   Marquardt, Technometrics 12(3):591, 1970.
/// Example  (1,1,1,1), (1,2,3,4), (1,3,2,4): R2 0.64, 2.78 for the last one.
[[nodiscard]] std::optional<double> variance_inflation(std::span<const std::vector<double>> columns,
                                                       std::size_t column);

/// Why the last of these columns cannot be told from those before it; nullopt when it can. It must
/// vary by 2 % at least (else it is the constant), and inflate its variance at most tenfold.
/// Takes  names: of the columns, for the reason.
[[nodiscard]] std::optional<std::string> why_not_told_apart(
    std::span<const std::vector<double>> columns, std::span<const std::string> names);

}  // namespace gradwatt
