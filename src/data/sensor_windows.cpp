#include "data/sensor_windows.h"

#include "base/expects.h"
#include "data/random_order.h"

namespace gradwatt {

SensorWindows pick(const SensorWindows& set, std::int64_t count, std::uint64_t seed) {
  expects(count <= set.count(), "at most all windows");
  const auto order = random_order(set.count(), seed, 0);
  const auto size = static_cast<std::ptrdiff_t>(set.channels * set.length);
  SensorWindows chosen{set.channels, set.length, {}, {}};
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t index = order[static_cast<std::size_t>(i)];
    const auto first = set.values.begin() + index * size;
    chosen.values.insert(chosen.values.end(), first, first + size);
    chosen.labels.push_back(set.labels[static_cast<std::size_t>(index)]);
  }
  return chosen;
}

}  // namespace gradwatt
