#pragma once

#include "analyze/mean_difference.h"

#include <optional>

namespace gradwatt {

/// How sure it is that a true difference lies within ± `band`: two one-sided tests. The smaller,
/// the surer; below 5 % "no difference beyond the band" is shown, which is the same as a 90 %
/// interval inside the band.
///
///   p = max( P(T >= (value + band) / standard), P(T >= (band - value) / standard) )
///
/// A ratio within 5 % is a difference of logarithms within ln 1.05: 0.952 to 1.05, so that it does
/// not matter which side is divided by which.
///
/// Returns  nullopt when nothing is known of the scatter.
/// Source   Schuirmann, A comparison of the two one-sided tests procedure and the power approach,
///          J. Pharmacokinetics and Biopharmaceutics 15(6):657, 1987.
/// Example  A difference of 0 with standard 1 and df 10, band 2: p = P(T(10) >= 2) = 0.0367.
[[nodiscard]] std::optional<double> equivalence_p(const MeanDifference& difference, double band);

}  // namespace gradwatt
