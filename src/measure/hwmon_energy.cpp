#include "measure/hwmon_energy.h"

#include "measure/metered.h"

#include <cerrno>
#include <utility>

namespace gradwatt {

void HwmonEnergy::add(ChannelInfo info, HwmonNumber counter, const CounterLimits& limits) {
  infos_.push_back(std::move(info));
  lines_.push_back({std::move(counter), CounterMeter(limits)});
}

void HwmonEnergy::read(std::span<ChannelReading> readings) noexcept {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const auto value = lines_[i].counter.read();
    readings[i] = value && *value >= 0
                      ? metered(lines_[i].meter, clock_.now(), Energy{*value})
                      : ReadFailure{"unreadable", value ? EINVAL : lines_[i].counter.error()};
  }
}

void HwmonEnergy::forget_last() noexcept {
  for (Line& line : lines_) {
    line.meter.forget_last();
  }
}

}  // namespace gradwatt
