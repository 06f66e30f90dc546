#include "analyze/gpu_hour_line.h"

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
    points.push_back({rates_of(row).device_hours, row.energy_j / kSecondsPerHour});
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
  double hours_squared = 0;
  double product = 0;
  double mean = 0;
  for (const HourPoint& point : points) {
    hours_squared += point.hours * point.hours;
    product += point.hours * point.energy_wh;
    mean += point.energy_wh / static_cast<double>(points.size());
  }
  line.power_w = product / hours_squared;
  double left = 0;
  double total = 0;
  for (const HourPoint& point : points) {
    const double miss = line.power_w * point.hours - point.energy_wh;
    left += miss * miss;
    total += std::pow(point.energy_wh - mean, 2);
    line.mean_error += std::abs(miss) / point.energy_wh / static_cast<double>(points.size());
    line.error_max = std::max(line.error_max, std::abs(miss) / point.energy_wh);
  }
  line.r2 = 1 - left / total;
  fit_logarithms(line, points);
  return line;
}

}  // namespace gradwatt
