#pragma once

#include <optional>
#include <span>
#include <string>

namespace gradwatt {

/// What a sensor said at one moment.
struct SensorReading {
  double t_s = 0;
  double value = 0;
};

/// The load was switched on or off at a known moment.
struct LoadStep {
  double t_s = 0;
  bool on = false;
};

/// How a power sensor sees a step: each update is the mean over `window_s` that ended `lag_s`
/// before it.
struct SensorWindow {
  double window_s = 0;
  double lag_s = 0;
  double low_w = 0;   ///< With the load off,
  double high_w = 0;  ///< and on.
  double residual_w = 0;
};

struct SensorWindowResult {
  std::optional<SensorWindow> found;
  std::string why_not;
};

/// Finds window and lag from fast readings around steps of the load.
///
/// The sensor's updates are where the readings change and, while they stay the same, each `refresh`
/// behind the last change. For a window W and a lag L the load's share of an update at u is the
/// part of [u - L - W, u - L] in which it was on; low and high power follow by least squares. W and
/// L are those with the least squares left, from a grid that is made finer around its best places.
/// Steps should not keep time with the updates: each then meets another part of the window.
/// Source of the model: Yang, Adamek, Armour, "Part-time power measurements", arXiv 2312.02741.
[[nodiscard]] SensorWindowResult fit_sensor_window(std::span<const SensorReading> readings,
                                                   std::span<const LoadStep> steps,
                                                   double refresh_s);

}  // namespace gradwatt
