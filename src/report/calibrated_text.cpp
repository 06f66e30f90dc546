#include "report/calibrated_text.h"

#include "units/show.h"

#include <fmt/format.h>

namespace gradwatt {

std::string with_interval(const BoundedEnergy& energy) {
  return fmt::format(
      "{} [{}, {}]", show_energy(energy.energy), show_energy(energy.lo), show_energy(energy.hi));
}

namespace {

std::string above_idle_line(const RunView& run) {
  const auto above = above_idle(*run.account, *run.calibration);
  const auto idle = idle_power(*run.account, *run.calibration);
  if (!above || !idle) {
    return "";
  }
  return fmt::format("  above idle  {}   idle {}\n", with_interval(*above), show_power(*idle));
}

/// Worth a line from a twentieth of its time on.
std::string idle_line(const ChannelAccount& channel) {
  constexpr double kWorthALine = 0.05;
  if (!channel.idle || channel.idle->time < kWorthALine) {
    return "";
  }
  return fmt::format("  did nothing {}: {:.0f} % of the time, with {:.0f} % of its energy\n",
                     channel.info.channel,
                     100 * channel.idle->time,
                     100 * channel.idle->energy);
}

std::string wall_line(const RunView& run) {
  const WallEnergy wall = wall_energy(*run.account, *run.calibration);
  if (wall.energy) {
    return fmt::format("  at the wall {}   from the line fitted to a meter\n",
                       with_interval(*wall.energy));
  }
  return wall.why_not.empty() ? "" : "  at the wall unknown: " + wall.why_not + "\n";
}

}  // namespace

std::string calibrated_text(const RunView& run) {
  if (!run.account) {
    return "";
  }
  std::string text;
  if (run.calibration) {
    text += above_idle_line(run) + wall_line(run);
  }
  for (const ChannelAccount& channel : run.account->channels) {
    text += idle_line(channel);
    if (channel.info.scope == "wall" && channel.energy) {
      text += fmt::format("  {:<11} {}   a meter, {}\n",
                          channel.info.channel,
                          with_interval(*channel.energy),
                          channel.note.empty() ? "not in the energy" : printable(channel.note));
    }
  }
  return text;
}

std::string devices_text(const RunView& run) {
  std::string text;
  for (const auto& [device, states] : run.devices) {
    std::string facts;
    if (const auto found = states.find("temperature_c"); found != states.end()) {
      facts += fmt::format(
          "  {:.0f} °C on average, {:.0f} °C at most", found->second.mean, found->second.most);
    }
    if (const auto found = states.find("power_limit_w"); found != states.end()) {
      facts += fmt::format("  limit {}", show_power(Power{found->second.last}));
    }
    if (!facts.empty()) {
      text += "  device      " + printable(device) + facts + "\n";
    }
  }
  return text;
}

}  // namespace gradwatt
