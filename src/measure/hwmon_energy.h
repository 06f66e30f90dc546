#pragma once

#include "measure/hwmon.h"
#include "measure/source.h"
#include "trace/counter.h"

#include <vector>

namespace gradwatt {

/// A source of energy counters in hwmon (energyN_input, in µJ). The files tell no range: a counter
/// that falls began anew. Not thread-safe.
class HwmonEnergy final : public PowerSource {
 public:
  explicit HwmonEnergy(const Clock& clock) : clock_(clock) {}

  void add(ChannelInfo info, HwmonNumber counter, const CounterLimits& limits);

  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }
  void read(std::span<ChannelReading> readings) noexcept override;
  void forget_last() noexcept override;

 private:
  struct Line {
    HwmonNumber counter;
    CounterMeter meter;
  };
  const Clock& clock_;
  std::vector<ChannelInfo> infos_;
  std::vector<Line> lines_;
};

}  // namespace gradwatt
