#include "record/power_limits.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace gradwatt {
namespace {

constexpr const char* kLimitState = "power_limit_w";

/// Whether the state is of a device whose energy is part of the total. GPUs that the run did not
/// use may have any limit.
bool is_of_total(const NodeRecord& record, const StateRow& row) {
  if (row.source < 0 || static_cast<std::size_t>(row.source) >= record.sources.size()) {
    return false;
  }
  const auto& channels = record.sources[static_cast<std::size_t>(row.source)].channels;
  return std::any_of(channels.begin(), channels.end(), [&](const ChannelInfo& info) {
    return info.in_total && is_state_of(row, info);
  });
}

}  // namespace

std::vector<double> power_limits_of(const std::vector<NodeRecord>& records) {
  std::set<double> limits;
  for (const NodeRecord& record : records) {
    for (const StateRow& row : record.states) {
      const double watts = std::round(row.value);
      if (row.name == kLimitState && watts > 0 && is_of_total(record, row)) {
        limits.insert(watts);
      }
    }
  }
  return {limits.begin(), limits.end()};
}

}  // namespace gradwatt
