#include "supervise/calibrate_machine.h"

#include "base/error.h"
#include "measure/sensor_recording.h"
#include "measure/sources/catalog.h"
#include "supervise/load_command.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

constexpr Duration kSettle = std::chrono::seconds(3);
constexpr Duration kFastest = std::chrono::milliseconds(1);
constexpr Duration kRefreshes = std::chrono::seconds(3);
constexpr Duration kFastStep = std::chrono::milliseconds(2);
constexpr int kSwitches = 20;

/// Never the same twice, so that steps do not keep time with a sensor's updates.
Duration time_between_switches(int count) { return from_seconds(1.2137 + 0.0619 * (count % 5)); }

/// The sensors as a run finds them, in the processes in which a run reads them.
class Sensors {
 public:
  explicit Sensors(const CalibrateOptions& options, std::optional<Duration> interval = std::nullopt)
      : set_(options.machine, {source_families(), options.cover, interval, options.host}) {
    if (set_.columns().empty()) {
      throw Error("no power sensor can be read", "", "gradwatt doctor says why");
    }
  }
  [[nodiscard]] SensorSet& set() { return set_; }

 private:
  SensorSet set_;
};

CalibratedChannel& channel_in(CalibrateResult& result, const ChannelInfo& info) {
  for (CalibratedChannel& channel : result.channels) {
    if (sensor_key(channel.info) == sensor_key(info)) {
      return channel;
    }
  }
  result.channels.push_back({info, std::nullopt, {}, {}});
  result.channels.back().refresh.why_not = "it could not be read again";
  return result.channels.back();
}

void note_busy(const CalibrateOptions& options, CalibrateResult& result) {
  if (!result.cpu_busy) {
    result.warnings.emplace_back("cannot tell whether the machine was idle: no CPU times");
    return;
  }
  const std::string text =
      fmt::format("the CPUs were busy {:.1f} % of the time", 100 * *result.cpu_busy);
  if (*result.cpu_busy > kNotIdle && !options.even_if_busy) {
    throw Error("the machine is not idle: " + text,
                "",
                "stop other programs, or take what is running for idle with --force");
  }
  if (*result.cpu_busy > kDoubtfullyIdle) {
    result.warnings.push_back("perhaps not idle: " + text);
  }
}

void find_idle(const CalibrateOptions& options, CalibrateResult& result) {
  options.tell(fmt::format("idle power, {:.0f} s", seconds(options.idle)));
  Sensors sensors(options);
  for (const Finding& finding : sensors.set().findings()) {
    if (finding.status == Finding::Status::denied) {
      result.warnings.push_back(finding.what + ": " + finding.detail);
    }
  }
  const IdleMeasurement idle = measure_idle(sensors.set(), options.machine, options.idle);
  result.cpu_busy = idle.cpu_busy;
  for (const IdleMeasurement::Channel& channel : idle.channels) {
    channel_in(result, channel.info).idle = channel.power;
  }
  note_busy(options, result);
}

void find_idle_with_context(const CalibrateOptions& options, CalibrateResult& result) {
  options.tell(fmt::format("idle power with a GPU context, {:.0f} s", seconds(options.idle)));
  LoadCommand holder(options.gpu_context);
  wait_on_system_clock(options.machine.clock->now() + kSettle);
  Sensors sensors(options);
  const IdleMeasurement idle = measure_idle(sensors.set(), options.machine, options.idle);
  if (holder.has_ended()) {
    throw Error("ended before the measurement did",
                options.gpu_context,
                "give a command that keeps its GPU context open");
  }
  for (const IdleMeasurement::Channel& channel : idle.channels) {
    CalibratedChannel& known = channel_in(result, channel.info);
    if (channel.info.scope.starts_with("gpu") && channel.power && known.idle) {
      known.idle->with_context = channel.power->mean;
    }
  }
}

void find_refreshes(const CalibrateOptions& options, CalibrateResult& result) {
  options.tell("how often sensors are renewed");
  Sensors sensors(options, kFastest);
  TraceSink traces(sensors.set().columns(), options.machine.clock->now());
  record_sensors(sensors.set(), *options.machine.clock, kRefreshes, traces.sink());
  for (const ReadingTrace& trace : traces.traces()) {
    if (trace.info.method != "model") {
      channel_in(result, trace.info).refresh = find_refresh(trace);
    }
  }
}

void find_windows(const CalibrateOptions& options, CalibrateResult& result) {
  const Duration length = kSwitches * time_between_switches(2);
  options.tell(
      fmt::format("what sensors see of a load that comes and goes, {:.0f} s", seconds(length)));
  const Clock& clock = *options.machine.clock;
  LoadCommand load(options.load);
  wait_on_system_clock(clock.now() + kSettle);
  Sensors sensors(options, kFastStep);
  const Instant begin = clock.now();
  TraceSink traces(sensors.set().columns(), begin);
  std::vector<LoadStep> steps;
  bool on = true;
  int calls = 0;
  record_sensors(sensors.set(), clock, length, traces.sink(), [&](Instant now) {
    if (calls > 0) {
      on = !on;
      on ? load.go_on() : load.hold();
      steps.push_back({seconds(clock.now() - begin), on});
    }
    return now + time_between_switches(calls++);
  });
  load.go_on();
  if (load.has_ended()) {
    throw Error(
        "ended before the measurement did",
        options.load,
        fmt::format("give a command that makes load for {:.0f} s", seconds(length + 2 * kSettle)));
  }
  for (const ReadingTrace& trace : traces.traces()) {
    if (trace.info.method == "model") {
      continue;
    }
    CalibratedChannel& channel = channel_in(result, trace.info);
    if (!channel.refresh.shortest) {
      channel.refresh = find_refresh(trace);
    }
    if (trace.is_power && channel.refresh.shortest) {
      channel.window = fit_sensor_window(trace.readings, steps, seconds(*channel.refresh.shortest));
    } else {
      channel.window.why_not =
          trace.is_power ? "its update period is not known" : "a counter has no window";
    }
  }
}

}  // namespace

CalibrateResult calibrate_machine(const CalibrateOptions& options) {
  CalibrateResult result;
  find_idle(options, result);
  find_refreshes(options, result);
  if (!options.gpu_context.empty()) {
    find_idle_with_context(options, result);
  }
  if (!options.load.empty()) {
    find_windows(options, result);
  }
  return result;
}

void note_result(Calibration& calibration, const CalibrateResult& result, WallTime now) {
  for (const CalibratedChannel& channel : result.channels) {
    const std::string key = sensor_key(channel.info);
    if (channel.idle) {
      std::optional<Power> context = channel.idle->with_context;
      if (const auto known = calibration.idle.find(key); known != calibration.idle.end()) {
        context = context ? context : known->second.with_context;
      }
      calibration.idle[key] = *channel.idle;
      calibration.idle[key].with_context = context;
    }
    if (channel.refresh.shortest) {
      SensorFacts& facts = calibration.sensors[key];
      // A value can be as old as updates usually are apart: the shortest time would promise more.
      facts.refresh = channel.refresh.typical;
      facts.found_at = now;
      if (channel.window.found) {
        facts.window = from_seconds(channel.window.found->window_s);
        facts.lag = from_seconds(channel.window.found->lag_s);
      }
    }
  }
}

}  // namespace gradwatt
