#include "analyze/welch_ratio.h"

#include "analyze/statistics.h"

#include <boost/math/distributions/students_t.hpp>

#include <cmath>

namespace gradwatt {
Ratio welch_ratio(std::span<const double> a, std::span<const double> b, double tail) {
  const Spread log_a = spread_of(logs_of(a));
  const Spread log_b = spread_of(logs_of(b));
  const double difference = log_a.mean - log_b.mean;
  Ratio ratio{std::exp(difference), std::nullopt, std::nullopt};
  if (!log_a.variance || !log_b.variance) {
    return ratio;
  }
  const double va = *log_a.variance / log_a.n;
  const double vb = *log_b.variance / log_b.n;
  const double error = std::sqrt(va + vb);
  if (error == 0) {
    return ratio;
  }
  const double df = (va + vb) * (va + vb) / (va * va / (log_a.n - 1) + vb * vb / (log_b.n - 1));
  const boost::math::students_t distribution(df);
  const double half = error * boost::math::quantile(boost::math::complement(distribution, tail));
  ratio.interval = Interval{std::exp(difference - half), std::exp(difference + half)};
  ratio.p_value =
      2 * boost::math::cdf(boost::math::complement(distribution, std::abs(difference) / error));
  return ratio;
}

}  // namespace gradwatt
