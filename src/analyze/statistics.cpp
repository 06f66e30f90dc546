#include "analyze/statistics.h"

#include "base/expects.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {

Spread spread_of(std::span<const double> values) {
  expects(!values.empty(), "a spread of at least one number");
  Spread spread;
  double m2 = 0;
  for (const double value : values) {
    ++spread.n;
    const double before = value - spread.mean;
    spread.mean += before / spread.n;
    m2 += before * (value - spread.mean);
  }
  if (spread.n > 1) {
    spread.variance = m2 / (spread.n - 1);
  }
  return spread;
}

double median(std::vector<double> values) {
  expects(!values.empty(), "a median of at least one number");
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::vector<double> logs_of(std::span<const double> values) {
  std::vector<double> logs;
  logs.reserve(values.size());
  for (const double value : values) {
    expects(value > 0, "a positive number under the logarithm");
    logs.push_back(std::log(value));
  }
  return logs;
}

double geometric_mean(std::span<const double> values) {
  return std::exp(spread_of(logs_of(values)).mean);
}

}  // namespace gradwatt
