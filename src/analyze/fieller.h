#pragma once

#include <limits>

namespace gradwatt {

/// Two means of which one is divided by the other, with the variances of the means.
struct RatioMoments {
  double numerator = 0;
  double denominator = 0;
  double numerator_variance = 0;
  double denominator_variance = 0;
  double covariance = 0;  ///< 0: measured independently.
};

/// All ratios that the measurement does not rule out.
struct FiellerSet {
  enum class Shape {
    between,  ///< lo <= x <= hi.
    beyond,   ///< x <= lo or x >= hi: the denominator may be 0, so x has no bound.
    all       ///< Any number.
  };
  Shape shape = Shape::all;
  double lo = -std::numeric_limits<double>::infinity();
  double hi = std::numeric_limits<double>::infinity();
};

/// Confidence set of x = e / d: those x for which e - x d does not differ from 0 by more than t of
/// its standard errors, that is
///
///   (d² - t² v_d) x² - 2 (d e - t² c) x + (e² - t² v_e) <= 0
///
/// It is an interval where the denominator d differs from 0 by more than t errors. Where it does
/// not, no finite interval can be honest, and the set is open: that is an answer, not a failure.
///
/// Takes    variances that are not both 0; t: Student's t, student_t().
/// Source   Fieller, Some problems in interval estimation, J. R. Stat. Soc. B 16(2):175, 1954.
/// Example  e = 30, d = 3, v_e = 1, v_d = 0.04, t = 2: (9 - 0.16) x² - 180 x + 896 <= 0, which is
///          8.67 to 11.70.
[[nodiscard]] FiellerSet fieller_set(const RatioMoments& moments, double t);

}  // namespace gradwatt
