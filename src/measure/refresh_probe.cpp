#include "measure/refresh_probe.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

constexpr int kIntervalsMin = 10;

Duration quantile(std::vector<double> values, double share) {
  const auto index = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + index, values.end());
  return from_seconds(values[static_cast<std::size_t>(index)]);
}

}  // namespace

TraceSink::TraceSink(const std::vector<SourceColumns>& columns, Instant begin) : begin_(begin) {
  for (const SourceColumns& source : columns) {
    auto& traces = sources_.emplace_back();
    for (const ChannelInfo& info : source.channels) {
      traces.push_back({info, info.method == "power", {}});
    }
  }
}

SampleSink TraceSink::sink() {
  return {[this](const SampleRow& row) { take(row); }, [](const GapRow&) {}};
}

void TraceSink::take(const SampleRow& row) {
  auto& traces = sources_[static_cast<std::size_t>(row.source)];
  const double t_s = seconds(row.time - begin_);
  for (std::size_t c = 0; c < traces.size(); ++c) {
    ReadingTrace& trace = traces[c];
    if (!trace.is_power) {
      if (row.channels[c]) {
        trace.readings.push_back({t_s, row.channels[c]->joules()});
      }
    } else if (row.powers.empty() && row.channels[c] && !trace.readings.empty()) {
      trace.readings.push_back({t_s, trace.readings.back().value});  // Said again what it had said.
    } else if (c < row.powers.size() && row.powers[c]) {
      trace.readings.push_back({t_s, row.powers[c]->watts});
    }
  }
}

std::vector<ReadingTrace> TraceSink::traces() const {
  std::vector<ReadingTrace> all;
  for (const auto& traces : sources_) {
    all.insert(all.end(), traces.begin(), traces.end());
  }
  return all;
}

RefreshFound find_refresh(const ReadingTrace& trace) {
  RefreshFound found;
  const auto& readings = trace.readings;
  std::vector<double> intervals;
  std::optional<double> last;
  for (std::size_t i = 1; i < readings.size(); ++i) {
    if (readings[i].value == readings[i - 1].value) {
      continue;
    }
    const double changed = (readings[i].t_s + readings[i - 1].t_s) / 2;
    if (last) {
      intervals.push_back(changed - *last);
    }
    last = changed;
    ++found.changes;
  }
  if (readings.size() < 2) {
    found.why_not = "nothing could be read";
    return found;
  }
  if (intervals.size() < static_cast<std::size_t>(kIntervalsMin)) {
    found.why_not =
        found.changes == 0
            ? "its value never changed"
            : fmt::format("only {} changes, {} are needed", found.changes, kIntervalsMin + 1);
    return found;
  }
  found.shortest = quantile(intervals, 0.05);
  found.typical = quantile(std::move(intervals), 0.5);
  return found;
}

}  // namespace gradwatt
