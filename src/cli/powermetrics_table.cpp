#include "cli/powermetrics_table.h"

#include "base/error.h"

#include <fmt/format.h>

namespace gradwatt {

PowerTable table_of_powermetrics(std::string_view text, const std::string& file) {
  const PowermetricsLog log = parse_powermetrics(text, file);
  double begin_s = 0;
  if (const auto& end = log.samples.front().end) {
    begin_s = static_cast<double>(end->ms) / 1000 - seconds(log.samples.front().elapsed);
  }
  PowerTable table;
  table.file = file;
  for (ChannelInfo& info : powermetrics_channels(log.samples)) {
    PowerTable::Channel channel{info.channel, true, {begin_s}, {0}, {}};
    Energy sum;
    Duration elapsed{};
    for (const PowermetricsSample& sample : log.samples) {
      const auto energy = sample.energies.find(info.channel);
      if (energy == sample.energies.end()) {
        throw Error(
            fmt::format(
                "record {} does not tell the power of '{}'", channel.t_s.size(), info.channel),
            file,
            "cut the file there and import the parts");
      }
      sum += energy->second;
      elapsed += sample.elapsed;
      channel.t_s.push_back(begin_s + seconds(elapsed));
      channel.value.push_back(sum.joules());
    }
    channel.info = std::move(info);
    table.channels.push_back(std::move(channel));
  }
  return table;
}

}  // namespace gradwatt
