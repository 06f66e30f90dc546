#include "measure/refresh_probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace gradwatt {
namespace {

constexpr Duration kStepMin = std::chrono::milliseconds(1);
constexpr int kIntervalsMin = 10;

/// The number a reading stands for; nullopt for none and for one behind which energy went missing.
std::optional<SensorReading> value_of(const ChannelReading& reading, double t_s, bool& is_power) {
  if (const auto* powered = std::get_if<Powered>(&reading)) {
    is_power = true;
    return SensorReading{t_s, powered->power.watts};
  }
  if (const auto* energy = std::get_if<Energy>(&reading)) {
    return SensorReading{t_s, energy->joules()};
  }
  return std::nullopt;
}

Duration quantile(std::vector<double> values, double share) {
  const auto index = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + index, values.end());
  return from_seconds(values[static_cast<std::size_t>(index)]);
}

}  // namespace

void wait_on_system_clock(Instant time) {
  const timespec until{time.ns / 1'000'000'000, time.ns % 1'000'000'000};
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

std::vector<ReadingTrace> record_readings(PowerSource& source,
                                          const Clock& clock,
                                          const WaitUntil& wait,
                                          const ProbeOptions& options,
                                          const std::function<void(Instant)>& at_each) {
  std::vector<ReadingTrace> traces;
  for (const ChannelInfo& info : source.channels()) {
    traces.push_back({info, false, {}});
  }
  std::vector<ChannelReading> readings(traces.size());
  const Duration step = std::max(kStepMin, options.step);
  const Instant begin = clock.now();
  Instant next = begin;
  while (next - begin < options.length) {
    wait(next);
    const Instant before = clock.now();
    if (at_each) {
      at_each(before);
    }
    const Instant from = clock.now();
    source.read(readings);
    const Instant after = clock.now();
    const double t_s = seconds(from - begin) + seconds(after - from) / 2;
    for (std::size_t c = 0; c < traces.size(); ++c) {
      if (const auto value = value_of(readings[c], t_s, traces[c].is_power)) {
        traces[c].readings.push_back(*value);
      }
    }
    // Behind a slow reading the grid goes on; a full step lies between two readings at least.
    next = next + step;
    if (next < after) {
      next = next + ((after - next) / step + 1) * step;
    }
  }
  return traces;
}

RefreshFound find_refresh(const ReadingTrace& trace) {
  RefreshFound found;
  const auto& readings = trace.readings;
  std::vector<double> steps;
  std::vector<double> intervals;
  std::optional<double> last;
  for (std::size_t i = 1; i < readings.size(); ++i) {
    steps.push_back(readings[i].t_s - readings[i - 1].t_s);
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
  if (steps.empty()) {
    found.why_not = "nothing could be read";
    return found;
  }
  found.step = quantile(std::move(steps), 0.5);
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
