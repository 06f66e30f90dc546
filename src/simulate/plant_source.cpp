#include "simulate/plant_source.h"

#include "measure/metered.h"

#include <cerrno>
#include <utility>

namespace gradwatt {
namespace {

/// As the sources of real counters have it: five times what the device can draw for long.
constexpr double kPlausible = 5;

ChannelInfo describe(const SensorSpec& spec, const PlantLimits& limits) {
  ChannelInfo info{"plant0", "plant", "plant", spec.is_counter ? "counter" : "power", "node"};
  info.in_total = true;
  info.gain_lo = info.gain_hi = limits.scale_bound;
  info.refresh = spec.stated_refresh;
  info.power_max = limits.power_max;
  info.power_min = limits.power_min;
  info.window = spec.window;
  info.lag = spec.lag;
  info.quantum = spec.is_counter ? Energy{spec.quantum} : Energy{};
  info.basis = "simulated";
  return info;
}

}  // namespace

PlantSource::PlantSource(PlantSensor sensor,
                         const PlantLimits& limits,
                         VirtualClock& clock,
                         Instant origin)
    : sensor_(sensor),
      clock_(clock),
      origin_(origin),
      infos_{describe(sensor_.spec(), limits)},
      counter_({sensor_.spec().range,
                kPlausible * limits.power_max,
                limits.power_max,
                sensor_.spec().stated_refresh}),
      power_(sensor_.spec().stated_refresh, (1 + 2 * limits.scale_bound) * limits.power_max) {}

void PlantSource::read(std::span<ChannelReading> readings) noexcept {
  const Duration begin = clock_.now() - origin_;
  const Duration took = sensor_.latency(begin);
  // The value may be from any moment of a slow reading; its end is the worst that can be.
  const auto value = sensor_.read(begin + took);
  clock_.move_to(clock_.now() + took);
  const bool is_counter = sensor_.spec().is_counter;
  if (!value) {
    const char* reason = "unreadable";
    readings[0] = is_counter ? ReadFailure{reason, EIO} : power_.fail(reason, EIO);
  } else if (is_counter) {
    readings[0] = metered(counter_, clock_.now(), Energy{*value});
  } else {
    readings[0] = power_.take(clock_.now(), {static_cast<double>(*value) * 1e-6});
  }
}

void PlantSource::forget_last() noexcept {
  counter_.forget_last();
  power_.forget_last();
}

}  // namespace gradwatt
