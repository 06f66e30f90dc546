#include "analyze/mean_difference.h"

#include "analyze/statistics.h"

#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>

namespace gradwatt {

std::optional<DifferenceError> error_of(const MeanDifference& difference, int more) {
  double sum = 0;
  double squares = 0;
  for (const ErrorPart& part : difference.parts) {
    const double v = part.weight * part.variance / (part.n + more);
    sum += v;
    squares += v * v / (part.n + more - 1);
  }
  if (sum <= 0) {
    return std::nullopt;
  }
  return DifferenceError{std::sqrt(sum), sum * sum / squares};
}

MeanDifference mean_difference(std::span<const double> a, std::span<const double> b) {
  const Spread of_a = spread_of(a);
  const Spread of_b = spread_of(b);
  MeanDifference difference{of_a.mean - of_b.mean, {}, false};
  if (of_a.variance && of_b.variance && *of_a.variance + *of_b.variance > 0) {
    difference.parts = {{*of_a.variance, of_a.n}, {*of_b.variance, of_b.n}};
  }
  return difference;
}

std::optional<Interval> interval_of(const MeanDifference& difference, double tail) {
  const auto error = error_of(difference);
  if (!error) {
    return std::nullopt;
  }
  const boost::math::students_t distribution(error->df);
  const double half =
      error->standard * boost::math::quantile(boost::math::complement(distribution, tail));
  return Interval{difference.value - half, difference.value + half};
}

std::optional<double> p_above(const MeanDifference& difference, double limit) {
  const auto error = error_of(difference);
  if (!error) {
    return std::nullopt;
  }
  const boost::math::students_t distribution(error->df);
  const double t = (difference.value - limit) / error->standard;
  return boost::math::cdf(boost::math::complement(distribution, t));
}

std::optional<double> p_below(const MeanDifference& difference, double limit) {
  MeanDifference mirrored = difference;
  mirrored.value = -difference.value;
  return p_above(mirrored, -limit);
}

std::optional<double> p_apart(const MeanDifference& difference, double limit) {
  const auto above = p_above(difference, limit);
  if (!above) {
    return std::nullopt;
  }
  return 2 * std::min(*above, p_below(difference, limit).value_or(1));
}

}  // namespace gradwatt
