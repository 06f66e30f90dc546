#include "analyze/repeats_needed.h"

#include "base/expects.h"

#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <algorithm>

namespace gradwatt {
namespace {

constexpr double kPower = 0.8;
/// Beyond this a difference is as good as certain to be shown, whatever the degrees of freedom.
constexpr double kFarAway = 100;

}  // namespace

double power_with(const MeanDifference& difference, double size, int more) {
  const auto error = error_of(difference, more);
  expects(error && size > 0, "some scatter and a size to show");
  const double away = size / error->standard;
  if (away > kFarAway) {
    return 1;
  }
  const double t = boost::math::quantile(
      boost::math::complement(boost::math::students_t(error->df), kUpperTail));
  const boost::math::non_central_t distribution(error->df, away);
  return boost::math::cdf(boost::math::complement(distribution, t)) +
         boost::math::cdf(distribution, -t);
}

std::optional<int> more_repeats(const MeanDifference& difference, double size) {
  if (!error_of(difference)) {
    return std::nullopt;
  }
  int few = 0;  // Not enough, or nothing.
  int many = 1;
  while (power_with(difference, size, many) < kPower) {
    if (many >= kRepeatsMax) {
      return std::nullopt;
    }
    few = many;
    many = std::min(2 * many, kRepeatsMax);
  }
  while (many - few > 1) {
    const int middle = (few + many) / 2;
    (power_with(difference, size, middle) < kPower ? few : many) = middle;
  }
  return many;
}

}  // namespace gradwatt
