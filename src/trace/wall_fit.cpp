#include "trace/wall_fit.h"

#include "trace/median.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

constexpr std::size_t kPointsMin = 10;
constexpr double kTukey = 4.685;
constexpr int kRounds = 50;
/// Below this share of its mean the sum varies too little for a slope.
constexpr double kVariationMin = 0.05;
/// A slope known no better than this is none.
constexpr double kGainErrorMax = 0.1;

struct Line {
  double offset = 0;
  double gain = 0;
  double gain_error = 0;
  double residual = 0;
};

double quantile(std::vector<double> values, double share) {
  const auto index = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(
      values.begin(), values.begin() + static_cast<std::ptrdiff_t>(index), values.end());
  return values[index];
}

std::optional<Line> weighted_line(std::span<const WallPoint> points,
                                  const std::vector<double>& weights) {
  double w = 0;
  double x = 0;
  double y = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    w += weights[i];
    x += weights[i] * points[i].channels_w;
    y += weights[i] * points[i].wall_w;
  }
  if (w <= 2) {
    return std::nullopt;
  }
  x /= w;
  y /= w;
  double xx = 0;
  double xy = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    xx += weights[i] * (points[i].channels_w - x) * (points[i].channels_w - x);
    xy += weights[i] * (points[i].channels_w - x) * (points[i].wall_w - y);
  }
  if (xx <= 0) {
    return std::nullopt;
  }
  Line line;
  line.gain = xy / xx;
  line.offset = y - line.gain * x;
  double rest = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double r = points[i].wall_w - line.offset - line.gain * points[i].channels_w;
    rest += weights[i] * r * r;
  }
  line.residual = std::sqrt(rest / (w - 2));
  line.gain_error = line.residual / std::sqrt(xx);
  return line;
}

/// The slope between points far apart, robust without a scale: a start that outliers do not pull.
Line robust_start(std::span<const WallPoint> points, double least_distance) {
  std::vector<double> slopes;
  const std::size_t stride = 1 + points.size() / 400;
  for (std::size_t i = 0; i < points.size(); i += stride) {
    for (std::size_t j = 0; j < i; j += stride) {
      const double dx = points[i].channels_w - points[j].channels_w;
      if (std::abs(dx) >= least_distance) {
        slopes.push_back((points[i].wall_w - points[j].wall_w) / dx);
      }
    }
  }
  Line line;
  line.gain = slopes.empty() ? 1 : median_of(std::move(slopes));
  std::vector<double> offsets;
  for (const WallPoint& point : points) {
    offsets.push_back(point.wall_w - line.gain * point.channels_w);
  }
  line.offset = median_of(std::move(offsets));
  return line;
}

std::vector<double> tukey_weights(std::span<const WallPoint> points, const Line& line) {
  std::vector<double> distances;
  for (const WallPoint& point : points) {
    distances.push_back(std::abs(point.wall_w - line.offset - line.gain * point.channels_w));
  }
  // A line without any error would give nothing to divide by.
  const double scale = std::max(1.4826 * median_of(distances), 1e-9 * std::abs(line.offset) + 1e-9);
  std::vector<double> weights;
  for (const double distance : distances) {
    const double u = distance / (kTukey * scale);
    weights.push_back(u < 1 ? (1 - u * u) * (1 - u * u) : 0);
  }
  return weights;
}

}  // namespace

WallFitResult fit_wall(std::span<const WallPoint> points) {
  if (points.size() < kPointsMin) {
    return {std::nullopt,
            fmt::format("cannot fit: {} stretches of time in common, {} are needed",
                        points.size(),
                        kPointsMin)};
  }
  std::vector<double> sums;
  double mean = 0;
  for (const WallPoint& point : points) {
    sums.push_back(point.channels_w);
    mean += point.channels_w / static_cast<double>(points.size());
  }
  const double low = quantile(sums, 0.05);
  const double high = quantile(sums, 0.95);
  const auto too_flat = [&] {
    return WallFitResult{
        std::nullopt,
        fmt::format("cannot fit: the load does not vary enough, {:.4g} W to {:.4g} W; record an "
                    "idle machine too",
                    low,
                    high)};
  };
  if (!(high - low > kVariationMin * std::abs(mean))) {
    return too_flat();
  }
  Line line = robust_start(points, 0.3 * (high - low));
  for (int round = 0; round < kRounds; ++round) {
    const auto better = weighted_line(points, tukey_weights(points, line));
    if (!better) {
      return too_flat();
    }
    const double moved = std::abs(better->gain - line.gain);
    line = *better;
    if (moved < 1e-9 * std::abs(line.gain)) {
      break;
    }
  }
  if (line.gain <= 0) {
    return {std::nullopt, "cannot fit: the meter does not rise with the load"};
  }
  if (line.gain_error > kGainErrorMax * line.gain) {
    return too_flat();
  }
  WallFit fit;
  fit.offset = Power{line.offset};
  fit.gain = line.gain;
  fit.residual = Power{line.residual};
  fit.least = Power{*std::min_element(sums.begin(), sums.end())};
  fit.most = Power{*std::max_element(sums.begin(), sums.end())};
  return {fit, ""};
}

}  // namespace gradwatt
