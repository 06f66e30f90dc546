#include "measure/hwmon_power.h"

#include "base/expects.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace gradwatt {

std::optional<Power> HwmonSensor::read() noexcept {
  const auto first = first_.read();
  if (!first) {
    error_ = first_.error();
    return std::nullopt;
  }
  double product = static_cast<double>(*first);
  if (second_) {
    const auto second = second_->read();
    if (!second) {
      error_ = second_->error();
      return std::nullopt;
    }
    product *= static_cast<double>(*second);
  }
  return Power{product * watts_per_unit_};
}

Finding unreadable(std::string what, const HwmonSensor& sensor) {
  const bool denied = sensor.error() == EACCES || sensor.error() == EPERM;
  return {std::move(what),
          denied ? Finding::Status::denied : Finding::Status::absent,
          fmt::format(
              "{}: {}", sensor.file().string(), std::generic_category().message(sensor.error())),
          ""};
}

void HwmonPower::add(ChannelInfo info, HwmonSensor sensor) {
  expects(info.power_max.has_value(), "a power sensor's greatest power");
  PowerChannel channel(info.refresh, *info.power_max);
  add_line(std::move(info), {std::move(sensor), {}, std::move(channel)});
}

void HwmonPower::add_sum(ChannelInfo info, std::vector<std::size_t> members) {
  expects(info.power_max.has_value(), "a sum's greatest power");
  PowerChannel channel(info.refresh, *info.power_max);
  add_line(std::move(info), {std::nullopt, std::move(members), std::move(channel)});
}

void HwmonPower::add_line(ChannelInfo info, Line line) {
  // More often than a sensor is renewed, so that the readings tell when that is.
  const Duration interval = info.refresh * 2 / 5;
  shortest_interval_ = infos_.empty() ? interval : std::min(shortest_interval_, interval);
  infos_.push_back(std::move(info));
  lines_.push_back(std::move(line));
}

void HwmonPower::read(std::span<ChannelReading> readings) noexcept {
  const Instant now = clock_.now();
  // A tenth earlier than due is due: the caller's grid jitters.
  if (last_read_ && now - *last_read_ < shortest_interval_ * 9 / 10) {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      readings[i] = lines_[i].channel.hold(now);
    }
    return;
  }
  last_read_ = now;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    readings[i] = lines_[i].sensor ? sense(lines_[i]) : sum(lines_[i]);
  }
}

ChannelReading HwmonPower::sense(Line& line) {
  const auto power = line.sensor->read();
  return power ? line.channel.take(clock_.now(), *power)
               : line.channel.fail("unreadable", line.sensor->error());
}

ChannelReading HwmonPower::sum(Line& line) {
  Power sum;
  for (const std::size_t member : line.members) {
    const auto power = lines_[member].channel.power();
    if (!power) {
      return line.channel.fail(infos_[member].channel + " is unreadable", 0);
    }
    sum = sum + *power;
  }
  return line.channel.take(clock_.now(), sum);
}

void HwmonPower::read_states(std::vector<DeviceState>& states) noexcept {
  const Instant now = clock_.now();
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const bool stands_still = lines_[i].channel.stands_still(now);
    // Told only of those of which there is something to tell.
    if (stands_still || lines_[i].stood_still) {
      states.push_back({infos_[i].channel, "unchanged", stands_still ? 1.0 : 0.0});
    }
    lines_[i].stood_still = lines_[i].stood_still || stands_still;
  }
}

void HwmonPower::forget_last() noexcept {
  for (Line& line : lines_) {
    line.channel.forget_last();
  }
}

}  // namespace gradwatt
