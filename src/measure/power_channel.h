#pragma once

#include "measure/source.h"
#include "trace/power_meter.h"

#include <optional>
#include <string>

namespace gradwatt {

/// What the readings of one power sensor mean, as a source hands them on.
///
/// After readings that failed, the next good one is Uncertain: the energy in between is assumed to
/// lie on the line between its neighbours, and could have been anything from none to the sensor's
/// greatest power. A power that makes no sense is a failed reading, never a value; one below zero
/// is what a sensor's offset makes of a rail without load, and counts as 0 W. Not thread-safe.
/// Example: 100 W, a failure, 300 W at 0, 1 and 2 s, at most 1000 W: 400 J, at least 0, at most
/// 2000 J.
class PowerChannel {
 public:
  /// `refresh`: how long the sensor holds a value. `power_max`: above it a reading makes no sense.
  PowerChannel(Duration refresh, Power power_max) : refresh_(refresh), power_max_(power_max) {}

  ChannelReading take(Instant time, Power power);
  ChannelReading fail(std::string reason, int errno_value);
  /// The sensor was not asked again: what it said last holds on.
  ChannelReading hold(Instant time);
  /// The next reading starts anew: what lies between counts nothing.
  void forget_last();

  /// The power, if the last reading was good.
  [[nodiscard]] std::optional<Power> power() const;
  /// Whether the sensor has said the same for longer than working sensors do: more than ten updates
  /// and ten seconds. That may be a steady load; beside a load that changes it is a frozen sensor.
  [[nodiscard]] bool stands_still(Instant now) const;

 private:
  Duration refresh_;
  Power power_max_;
  PowerMeter meter_;
  Energy since_first_;
  std::optional<Instant> last_good_;
  Power power_;
  Instant changed_;
  std::optional<ReadFailure> failure_;  ///< Of the last reading.
};

}  // namespace gradwatt
