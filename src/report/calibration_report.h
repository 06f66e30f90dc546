#pragma once

#include "trace/run_calibration.h"
#include "units/instant.h"

#include <map>
#include <optional>
#include <string>

namespace gradwatt {

/// What is known of this machine's sensors, as a report shows it.
struct CalibrationView {
  struct Channel {
    std::optional<IdlePower> idle;
    std::optional<Duration> refresh;
    std::optional<Duration> window;
    std::optional<Duration> lag;
  };
  std::map<std::string, Channel> channels;  ///< By sensor_key.
  std::optional<WallFit> wall;
};

[[nodiscard]] std::string calibration_text(const CalibrationView& view);

/// Schema version 1; unknown values are null.
[[nodiscard]] std::string calibration_to_json(const CalibrationView& view);

}  // namespace gradwatt
