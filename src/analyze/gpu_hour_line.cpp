#include "analyze/gpu_hour_line.h"

#include "analyze/hour_fit.h"

#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace gradwatt {
namespace {

struct HourPoint {
  double hours;
  double energy_wh;
};

void fit_logarithms(GpuHourLine& line, const std::vector<HourPoint>& points) {
  const auto n = static_cast<double>(points.size());
  double mean_x = 0;
  double mean_y = 0;
  for (const HourPoint& point : points) {
    mean_x += std::log(point.hours) / n;
    mean_y += std::log(point.energy_wh) / n;
  }
  double xx = 0;
  double xy = 0;
  for (const HourPoint& point : points) {
    const double dx = std::log(point.hours) - mean_x;
    xx += dx * dx;
    xy += dx * (std::log(point.energy_wh) - mean_y);
  }
  line.slope = xy / xx;
  double left = 0;
  for (const HourPoint& point : points) {
    const double fitted = mean_y + line.slope * (std::log(point.hours) - mean_x);
    left += std::pow(std::log(point.energy_wh) - fitted, 2);
  }
  const double spare = n - 2;
  const boost::math::students_t student(spare);
  const double t = boost::math::quantile(boost::math::complement(student, kUpperTail));
  const double half = t * std::sqrt(left / spare / xx);
  line.slope_interval = Interval{line.slope - half, line.slope + half};
}

}  // namespace

std::optional<GpuHourLine> gpu_hour_line(std::span<const ParallelTraining> rows) {
  std::vector<HourPoint> points;
  for (const ParallelTraining& row : rows) {
    points.push_back({device_hours(row), row.energy_j / kSecondsPerHour});
  }
  const auto fewer = [](const HourPoint& a, const HourPoint& b) { return a.hours < b.hours; };
  constexpr std::size_t kLeastRows = 3;
  if (points.size() < kLeastRows) {
    return std::nullopt;
  }
  const auto [least, most] = std::minmax_element(points.begin(), points.end(), fewer);
  if (most->hours < 2 * least->hours) {
    return std::nullopt;
  }
  GpuHourLine line;
  line.rows = static_cast<int>(points.size());
  const HourFit through_origin = fit_hours(rows, false).value();
  line.power_w = through_origin.power_w;
  line.r2 = through_origin.quality.r2.value_or(0);
  line.mean_error = through_origin.quality.mean_error;
  line.error_max = through_origin.quality.error_max;
  fit_logarithms(line, points);
  return line;
}

}  // namespace gradwatt
