#include "analyze/log_interval.h"

#include "analyze/statistics.h"

#include <boost/math/distributions/students_t.hpp>

#include <cmath>

namespace gradwatt {

Estimate estimate_of(std::span<const double> values) {
  const Spread logs = spread_of(logs_of(values));
  Estimate estimate{std::exp(logs.mean), std::nullopt, logs.n};
  if (logs.variance && *logs.variance > 0) {
    const boost::math::students_t distribution(logs.n - 1);
    const double t = boost::math::quantile(boost::math::complement(distribution, kUpperTail));
    const double half = t * std::sqrt(*logs.variance / logs.n);
    estimate.interval = Interval{std::exp(logs.mean - half), std::exp(logs.mean + half)};
  }
  return estimate;
}

}  // namespace gradwatt
