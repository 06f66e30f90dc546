#include "trace/power_meter.h"

#include <cmath>

namespace gradwatt {

Energy PowerMeter::read(Instant time, Power power) {
  if (last_time_) {
    joules_ += (last_power_.watts + power.watts) / 2 * seconds(time - *last_time_);
  }
  last_time_ = time;
  last_power_ = power;
  // Rounded down: what is handed out never falls when more is added.
  return Energy{static_cast<std::int64_t>(std::floor(joules_ * 1e6))};
}

}  // namespace gradwatt
