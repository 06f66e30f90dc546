#pragma once

#include "measure/power_channel.h"
#include "measure/source.h"
#include "plant/sensor.h"
#include "simulate/virtual_clock.h"
#include "trace/counter.h"

#include <vector>

namespace gradwatt {

/// What is known of a simulated device, as a source would know it of a real one.
struct PlantLimits {
  Power power_max{700};
  Power power_min{};
  double scale_bound = 0;  ///< The stated bound of its scale, both ways.
};

/// A simulated sensor as a power source: its values go the way of every real sensor's.
class PlantSource final : public PowerSource {
 public:
  /// `origin`: the signal's time 0. A slow reading moves `clock`.
  PlantSource(PlantSensor sensor, const PlantLimits& limits, VirtualClock& clock, Instant origin);

  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }
  void read(std::span<ChannelReading> readings) noexcept override;
  void forget_last() noexcept override;

 private:
  PlantSensor sensor_;
  VirtualClock& clock_;
  Instant origin_;
  std::vector<ChannelInfo> infos_;
  CounterMeter counter_;
  PowerChannel power_;
};

}  // namespace gradwatt
