#include "trace/run_calibration.h"

#include "units/show.h"

#include <algorithm>
#include <vector>

namespace gradwatt {
namespace {

/// How far outside the fitted powers the line is still taken.
constexpr double kBeyond = 0.1;

std::optional<const IdlePower*> idle_of(const ChannelInfo& channel,
                                        const RunCalibration& calibration) {
  const auto found = calibration.idle.find(sensor_key(channel));
  return found == calibration.idle.end() ? std::nullopt : std::optional(&found->second);
}

/// The channels that the total is made of: those that gave an energy.
std::vector<const ChannelInfo*> in_total(const RunAccount& account) {
  std::vector<const ChannelInfo*> channels;
  for (const ChannelAccount& channel : account.channels) {
    if (channel.info.in_total && channel.energy) {
      channels.push_back(&channel.info);
    }
  }
  return channels;
}

}  // namespace

std::string sensor_key(const std::string& source,
                       const std::string& channel,
                       const std::string& device) {
  return source + "/" + channel + "@" + device;
}

std::string sensor_key(const ChannelInfo& channel) {
  return sensor_key(channel.source, channel.channel, channel.device);
}

std::optional<Power> idle_power(const RunAccount& account, const RunCalibration& calibration) {
  std::optional<Power> sum;
  for (const ChannelInfo* channel : in_total(account)) {
    const auto idle = idle_of(*channel, calibration);
    if (!idle) {
      return std::nullopt;
    }
    sum = sum.value_or(Power{}) + (*idle)->mean;
  }
  return sum;
}

std::optional<BoundedEnergy> above_idle(const RunAccount& account,
                                        const RunCalibration& calibration) {
  const auto idle_w = idle_power(account, calibration);
  if (!idle_w || !account.total) {
    return std::nullopt;
  }
  const Duration time = account.end - account.begin;
  BoundedEnergy above = *account.total;
  for (const ChannelInfo* channel : in_total(account)) {
    const IdlePower& idle = **idle_of(*channel, calibration);
    const Energy wander = Power{2 * idle.spread.watts} * time;
    const Energy base = idle.mean * time;
    above.energy -= base;
    above.random_lo -= base + wander;
    above.random_hi -= base - wander;
    above.lo -= Power{(1 - channel->gain_lo) * idle.mean.watts} * time + wander;
    above.hi -= Power{(1 + channel->gain_hi) * idle.mean.watts} * time - wander;
  }
  above.random_lo = std::min(above.random_lo, above.energy);
  above.random_hi = std::max(above.random_hi, above.energy);
  above.lo = std::min(above.lo, above.random_lo);
  above.hi = std::max(above.hi, above.random_hi);
  return above;
}

WallEnergy wall_energy(const RunAccount& account, const RunCalibration& calibration) {
  const double s = seconds(account.end - account.begin);
  if (!calibration.wall || !account.total || s <= 0) {
    return {};
  }
  const WallFit& fit = *calibration.wall;
  std::vector<std::string> channels;
  for (const ChannelInfo* channel : in_total(account)) {
    channels.push_back(sensor_key(*channel));
  }
  std::vector<std::string> fitted = fit.channels;
  std::sort(channels.begin(), channels.end());
  std::sort(fitted.begin(), fitted.end());
  if (channels != fitted) {
    return {std::nullopt, "the meter was fitted for other channels; gradwatt calibrate --meter"};
  }
  const double mean_w = account.total->energy.joules() / s;
  const double beyond = kBeyond * (fit.most.watts - fit.least.watts);
  if (mean_w < fit.least.watts - beyond || mean_w > fit.most.watts + beyond) {
    return {std::nullopt,
            "the meter was fitted between " + show_power(fit.least) + " and " +
                show_power(fit.most) + ", this run drew " + show_power(Power{mean_w})};
  }
  const double offset_j = fit.offset.watts * s;
  const double unexplained_j = 2 * fit.residual.watts * s;
  BoundedEnergy wall;
  wall.energy = Energy::from_joules(offset_j + fit.gain * account.total->energy.joules());
  wall.lo =
      Energy::from_joules(offset_j + fit.gain * account.total->random_lo.joules() - unexplained_j);
  wall.hi =
      Energy::from_joules(offset_j + fit.gain * account.total->random_hi.joules() + unexplained_j);
  wall.random_lo = wall.lo;
  wall.random_hi = wall.hi;
  return {wall, ""};
}

}  // namespace gradwatt
