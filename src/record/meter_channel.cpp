#include "record/meter_channel.h"

#include "base/expects.h"
#include "trace/power_meter.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace gradwatt {
namespace {

constexpr double kGainAssumed = 0.05;

ChannelInfo info_of(const PowerTable::Channel& channel,
                    const MeterFacts& facts,
                    const std::string& file) {
  if (channel.info) {
    return *channel.info;
  }
  ChannelInfo info;
  info.channel = channel.name.empty() ? "meter" : channel.name;
  info.device = std::filesystem::path(file).filename().string();
  info.source = "import";
  info.method = !facts.method.empty() ? facts.method : channel.is_energy ? "counter" : "power";
  info.scope = "external";
  info.kind = info.method == "model" ? EnergyKind::estimated : EnergyKind::measured;
  info.in_total = true;
  info.gain_lo = info.gain_hi = facts.gain.value_or(kGainAssumed);
  info.basis = fmt::format("imported from {}, ±{:.3g} % {}",
                           info.device,
                           100 * info.gain_lo,
                           facts.gain ? "as told" : "assumed, for no error was told");
  return info;
}

}  // namespace

MeterChannel meter_channel(const PowerTable::Channel& channel,
                           const MeterFacts& facts,
                           const std::string& file,
                           int source,
                           const std::vector<Instant>& instants) {
  expects(instants.size() == channel.t_s.size(), "one instant for each reading");
  MeterChannel result;
  result.info = info_of(channel, facts, file);
  const EnergyCurve curve = curve_of(channel);
  // Each reading is taken to be true at its own time: a table does not say how late a meter is.
  result.info.refresh = {};
  const double longest = longest_usual_step_s(curve);
  const double most_w =
      channel.is_energy ? 0 : *std::max_element(channel.value.begin(), channel.value.end());
  PowerMeter meter;
  Energy before;
  for (std::size_t i = 0; i < instants.size(); ++i) {
    SampleRow row{source, instants[i], {}, {}};
    if (channel.is_energy) {
      row.channels = {Energy::from_joules(channel.value[i] - channel.value.front())};
    } else {
      row.channels = {meter.read(instants[i], Power{channel.value[i]})};
      row.powers = {Power{channel.value[i]}};
    }
    if (i > 0 && channel.t_s[i] - channel.t_s[i - 1] > longest) {
      GapAccount gap{
          result.info.channel, instants[i - 1], instants[i], "no readings in the file", 0, false};
      if (!channel.is_energy) {
        gap.energy_lost = true;
        gap.assumed = *row.channels.front() - before;
        gap.most = Power{most_w} * (gap.end - gap.begin);
      }
      result.gaps.push_back({source, gap});
    }
    before = *row.channels.front();
    result.samples.push_back(std::move(row));
  }
  return result;
}

}  // namespace gradwatt
