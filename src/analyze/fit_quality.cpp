#include "analyze/fit_quality.h"

#include "analyze/log_interval.h"
#include "base/expects.h"

#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

void add_left_out(FitQuality& quality,
                  std::span<const double> measured,
                  const GivenWithout& given_without) {
  double sum = 0;
  double most = 0;
  for (std::size_t row = 0; row < measured.size(); ++row) {
    const auto given = given_without(row);
    if (!given) {
      return;
    }
    const double miss = std::abs(*given / measured[row] - 1);
    sum += miss;
    most = std::max(most, miss);
  }
  quality.left_out_error = sum / static_cast<double>(measured.size());
  quality.left_out_error_max = most;
}

}  // namespace

FitQuality fit_quality(std::span<const double> model,
                       std::span<const double> measured,
                       int coefficients,
                       const GivenWithout& given_without) {
  expects(model.size() == measured.size() && !model.empty(), "a measured value for each row");
  const auto n = static_cast<double>(measured.size());
  FitQuality quality;
  quality.rows = static_cast<int>(measured.size());
  double mean = 0;
  for (const double one : measured) {
    mean += one / n;
  }
  double left = 0;
  double total = 0;
  double relative = 0;
  for (std::size_t row = 0; row < measured.size(); ++row) {
    const double miss = std::abs(model[row] / measured[row] - 1);
    left += std::pow(model[row] - measured[row], 2);
    total += std::pow(measured[row] - mean, 2);
    relative += miss * miss;
    quality.mean_error += miss / n;
    quality.error_max = std::max(quality.error_max, miss);
  }
  constexpr double kRoundedAway = 1e-12;
  if (total > kRoundedAway * mean * mean) {
    const double r2 = 1 - left / total;
    quality.r2 = std::abs(r2) < kRoundedAway ? 0 : r2;
  }
  if (const int spare = quality.rows - coefficients; spare > 0) {
    const boost::math::students_t student(spare);
    const double t = boost::math::quantile(boost::math::complement(student, kUpperTail));
    quality.half_width = t * std::sqrt(relative / spare);
  }
  add_left_out(quality, measured, given_without);
  return quality;
}

}  // namespace gradwatt
