#pragma once

#include "units/energy.h"
#include "units/instant.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// wall = offset + gain x sum of the channels in the total, fitted on one host.
struct WallFit {
  Power offset;
  double gain = 1;
  Power residual;  ///< Standard deviation of what the line does not explain.
  double duration_s = 0;
  double lag_s = 0;  ///< The meter's clock minus this machine's, plus the meter's delay.
  WallTime found_at;
  std::vector<std::string> channels;  ///< Keys of the channels summed: it holds for these only.
  Power least;                        ///< The sums that it was fitted on lie between these.
  Power most;
};

/// The mean powers over one stretch of time.
struct WallPoint {
  double channels_w = 0;  ///< Sum of the channels in the total.
  double wall_w = 0;
};

struct WallFitResult {
  std::optional<WallFit> found;  ///< offset, gain, residual, least and most are filled in.
  std::string why_not;
};

/// Lays a line through the points that outliers hardly move.
///
/// Least squares, repeated with Tukey's biweight: a point further from the line than 4.685 robust
/// deviations counts nothing. Refused when the sum of the channels hardly varies, for then offset
/// and gain cannot be told apart.
/// Source: Huber and Ronchetti, Robust Statistics (2009), chapter 7.
/// Example: (100, 150), (200, 270), (300, 390), … is 30 W + 1.2 x sum.
[[nodiscard]] WallFitResult fit_wall(std::span<const WallPoint> points);

}  // namespace gradwatt
