#include "measure/reading_interval.h"

#include <algorithm>

namespace gradwatt {
namespace {

constexpr Duration kEstimates = std::chrono::milliseconds(500);
constexpr Duration kMeasured = std::chrono::milliseconds(100);
constexpr Duration kShortest = std::chrono::milliseconds(20);

}  // namespace

Duration reading_interval(std::span<const SourceColumns> sources, std::optional<Duration> asked) {
  if (asked) {
    return *asked;
  }
  Duration interval = kEstimates;
  for (const SourceColumns& source : sources) {
    for (const ChannelInfo& channel : source.channels) {
      if (channel.kind != EnergyKind::measured) {
        continue;
      }
      interval = std::min(interval, kMeasured);
      if (channel.method == "power" && channel.in_total && channel.refresh > Duration{}) {
        interval = std::min(interval, std::max(kShortest, channel.refresh * 2 / 5));
      }
    }
  }
  return interval;
}

}  // namespace gradwatt
