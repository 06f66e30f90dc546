#include "analyze/welch_ratio.h"

#include "analyze/mean_difference.h"
#include "analyze/statistics.h"

#include <cmath>

namespace gradwatt {

Ratio ratio_from(const MeanDifference& of_logs, double tail) {
  Ratio ratio{std::exp(of_logs.value), std::nullopt, p_apart(of_logs)};
  if (const auto interval = interval_of(of_logs, tail)) {
    ratio.interval = Interval{std::exp(interval->lo), std::exp(interval->hi)};
  }
  return ratio;
}

Ratio welch_ratio(std::span<const double> a, std::span<const double> b, double tail) {
  return ratio_from(mean_difference(logs_of(a), logs_of(b)), tail);
}

}  // namespace gradwatt
