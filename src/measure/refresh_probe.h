#pragma once

#include "measure/source.h"
#include "trace/sensor_window.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// What a channel said while it was read as fast as makes sense: watts of a power sensor, joules of
/// a counter. Failed readings are left out.
struct ReadingTrace {
  ChannelInfo info;
  bool is_power = false;
  std::vector<SensorReading> readings;
};

struct ProbeOptions {
  Duration length = std::chrono::seconds(3);
  Duration step = std::chrono::milliseconds(1);  ///< Never faster than 1 ms apart.
};

/// Waits until a moment; tests pass time instead.
using WaitUntil = std::function<void(Instant)>;
/// Waits on the system's monotonic clock.
void wait_on_system_clock(Instant time);

/// Reads `source` on a grid for `options.length`; grid times that a slow reading misses are left
/// out. `at_each`, where given, is called before each reading, to switch a load for instance.
[[nodiscard]] std::vector<ReadingTrace> record_readings(
    PowerSource& source,
    const Clock& clock,
    const WaitUntil& wait,
    const ProbeOptions& options,
    const std::function<void(Instant)>& at_each = {});

/// How often a channel's value is renewed.
struct RefreshFound {
  std::optional<Duration> shortest;  ///< Between two changes; the 5 % quantile, for one odd pair.
  std::optional<Duration> typical;   ///< The middle one.
  int changes = 0;
  Duration step{};      ///< The middle distance of the readings: nothing finer can be told.
  std::string why_not;  ///< Without a result.
};

/// Finds the times between changes. Ten of them are needed; a value that stays the same across an
/// update hides it, so a sensor at rest may look slower than it is, never faster.
/// Example: a counter that changes at 0.1, 0.2, 0.3, … s has a refresh of 100 ms.
[[nodiscard]] RefreshFound find_refresh(const ReadingTrace& trace);

}  // namespace gradwatt
