#pragma once

#include "units/energy.h"
#include "units/instant.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace gradwatt {

/// How a kind of sensor turns a device's power into what it shows: at every renewal a counter's
/// energy so far, or the mean power over a window, held until the next renewal.
struct SensorSpec {
  const char* name = nullptr;
  const char* description = nullptr;
  bool is_counter = true;
  Duration refresh{};  ///< Between two renewals, on average; each differs by up to `jitter`.
  Duration jitter{};
  Duration stated_refresh{};    ///< What its maker or a calibration says of `refresh`.
  Duration window{};            ///< Power sensors: each value is the mean over so long,
  Duration lag{};               ///< which ended so long before the renewal.
  std::int64_t quantum = 1;     ///< It shows whole multiples of so many µJ or µW.
  std::optional<Energy> range;  ///< Counters: starts again at 0 behind it.
  double drift = 0;             ///< Its clock may run faster or slower by this share.
};

/// The sensors that the truth table tries.
[[nodiscard]] std::span<const SensorSpec> sensor_specs();

/// Throws UsageError, with the known names, when there is no such sensor.
[[nodiscard]] const SensorSpec& sensor_named(std::string_view name);

}  // namespace gradwatt
