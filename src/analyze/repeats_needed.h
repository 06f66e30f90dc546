#pragma once

#include "analyze/mean_difference.h"

#include <optional>

namespace gradwatt {

/// More than this is not worth a number.
inline constexpr int kRepeatsMax = 1000;

/// With `more` repeats on each side: how probable it is that a true difference of `size` is shown,
/// that is, that the 95 % interval leaves 0 out, if the scatter stays what it was:
///
///   P( |T| > t(df; 0.975) ),   T noncentral t with df and size / standard;  error_of(.., more)
///
/// Takes   a difference of which some scatter is known; `size` above 0.
/// Source  Johnson and Welch, Applications of the non-central t-distribution, Biometrika 31:362,
///         1940.
[[nodiscard]] double power_with(const MeanDifference& difference, double size, int more);

/// How many more repeats of each side (of each block, where the scatter is that between blocks)
/// show a true difference of `size` in four of five cases. For many repeats that is, per side,
///
///   n = 2 (1.960 + 0.842)² s² / size² = 15.7 s² / size²,   more = n - what is there
///
/// and for few one or two more, because the scatter itself is then only guessed from them. When
/// there is no difference, about as many show that there is none (equivalence.h), in three of four
/// cases.
///
/// Returns  at least 1, because what is there did not settle it; nullopt when nothing is known of
///          the scatter, or beyond kRepeatsMax.
/// Source   the rule 16 s²/d²: Lehr, Statistics in Medicine 11(8):1099, 1992.
/// Example  Standard deviation of the logarithms 0.03 on both sides, 2 repeats each, size ln 1.05:
///          15.7 * 0.0009 / 0.00238 = 5.9, exactly 8 a side, so 6 more.
[[nodiscard]] std::optional<int> more_repeats(const MeanDifference& difference, double size);

}  // namespace gradwatt
