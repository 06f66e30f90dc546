#include "analyze/fieller.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {

FiellerSet fieller_set(const RatioMoments& m, double t) {
  const double a = m.denominator * m.denominator - t * t * m.denominator_variance;
  const double b = m.denominator * m.numerator - t * t * m.covariance;
  const double c = m.numerator * m.numerator - t * t * m.numerator_variance;
  FiellerSet set;
  if (a == 0) {
    // A line, 2 b x >= c: one of the two parts lies at infinity.
    if (b != 0) {
      set.shape = FiellerSet::Shape::beyond;
      (b > 0 ? set.hi : set.lo) = c / (2 * b);
    }
    return set;
  }
  const double discriminant = b * b - a * c;
  if (discriminant <= 0) {
    if (a > 0) {  // Only rounding brings it below 0: the ratio itself solves the inequality.
      set.shape = FiellerSet::Shape::between;
      set.lo = set.hi = b / a;
    }
    return set;
  }
  // The root that adds numbers of one sign, then the other by the product of both: no cancellation.
  const double sum = b + std::copysign(std::sqrt(discriminant), b);
  const double first = sum / a;
  const double second = c / sum;
  set.shape = a > 0 ? FiellerSet::Shape::between : FiellerSet::Shape::beyond;
  set.lo = std::min(first, second);
  set.hi = std::max(first, second);
  return set;
}

}  // namespace gradwatt
