#pragma once

#include "measure/sensor_set.h"
#include "trace/energy_curve.h"
#include "trace/run_calibration.h"

#include <optional>
#include <vector>

namespace gradwatt {

/// What was measured while nothing ran.
struct IdleMeasurement {
  struct Channel {
    ChannelInfo info;
    std::optional<IdlePower> power;  ///< Absent: it could not be read.
  };
  std::vector<Channel> channels;
  /// Share of all CPUs' time that was used; absent: this machine does not tell.
  std::optional<double> cpu_busy;
};

/// Reads `sensors`, which are new, for `length`.
[[nodiscard]] IdleMeasurement measure_idle(SensorSet& sensors,
                                           const Machine& machine,
                                           Duration length);

/// The mean power and how much it varied from one second to the next. nullopt below five seconds.
/// Example: 100 J in 10 s, the same in each second: 10 W, spread 0.
[[nodiscard]] std::optional<IdlePower> idle_power_of(const EnergyCurve& curve);

/// Above this share of the CPUs' time a machine is not idle, above the other one it may not be.
constexpr double kNotIdle = 0.10;
constexpr double kDoubtfullyIdle = 0.02;

}  // namespace gradwatt
