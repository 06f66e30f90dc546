#pragma once

#include "measure/calibration.h"
#include "measure/idle_measurement.h"
#include "measure/refresh_probe.h"
#include "measure/scope_cover.h"
#include "measure/sensor_host.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

struct CalibrateOptions {
  Machine machine;
  CoverChoice cover = CoverChoice::components;
  /// How to start the process that reads a family whose reads can block; absent: none is.
  std::function<SensorHost::Options(const SourceFamily& family, std::optional<Duration> interval)>
      host;
  Duration idle = std::chrono::seconds(30);
  std::string load;         ///< Command that makes load; empty: windows are not looked for.
  std::string gpu_context;  ///< Command that holds a GPU context without work; empty: not measured.
  bool even_if_busy = false;
  /// What is being done now, for people.
  std::function<void(const std::string&)> tell = [](const std::string&) {};
};

/// What calibrating found out about one channel.
struct CalibratedChannel {
  ChannelInfo info;
  std::optional<IdlePower> idle;
  RefreshFound refresh;
  SensorWindowResult window;  ///< Power sensors, with a load.
};

struct CalibrateResult {
  std::vector<CalibratedChannel> channels;
  std::optional<double> cpu_busy;  ///< Share of the CPUs' time used while it should have been idle.
  std::vector<std::string> warnings;
};

/// Measures this machine while nothing runs: idle power, how often each sensor is renewed and, with
/// a load that is held and let go on at known times, what each power sensor's readings are the mean
/// over. Sensors are found and read as a run does it: a library that hangs costs seconds, and the
/// others are measured all the same. Throws Error when the machine is not idle or has no sensors.
[[nodiscard]] CalibrateResult calibrate_machine(const CalibrateOptions& options);

/// Puts what was found into `calibration`; what was not found stays as it was.
void note_result(Calibration& calibration, const CalibrateResult& result, WallTime now);

}  // namespace gradwatt
