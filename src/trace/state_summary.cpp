#include "trace/state_summary.h"

#include <algorithm>

namespace gradwatt {
namespace {

struct Held {
  Instant since;
  double seconds = 0;
  double sum = 0;
};

void hold_until(Held& held, double value, Instant time) {
  const double s = std::max(0.0, seconds(time - held.since));
  held.sum += value * s;
  held.seconds += s;
  held.since = std::max(held.since, time);
}

}  // namespace

StateSummaries state_summaries(std::span<const StateRow> rows, Instant end) {
  StateSummaries summaries;
  std::map<std::string, std::map<std::string, Held>> held;
  for (const StateRow& row : rows) {
    auto [summary, is_new] = summaries[row.device].try_emplace(
        row.name, StateSummary{row.value, row.value, row.value, row.value});
    Held& so_far = held[row.device][row.name];
    if (is_new) {
      so_far.since = row.time;
      continue;
    }
    hold_until(so_far, summary->second.last, row.time);
    summary->second.least = std::min(summary->second.least, row.value);
    summary->second.most = std::max(summary->second.most, row.value);
    summary->second.last = row.value;
  }
  for (auto& [device, states] : summaries) {
    for (auto& [name, summary] : states) {
      Held& so_far = held[device][name];
      hold_until(so_far, summary.last, end);
      summary.mean = so_far.seconds > 0 ? so_far.sum / so_far.seconds : summary.last;
    }
  }
  return summaries;
}

}  // namespace gradwatt
