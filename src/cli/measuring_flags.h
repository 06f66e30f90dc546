#pragma once

#include "measure/calibration.h"
#include "measure/scope_cover.h"
#include "measure/sensor_host.h"
#include "measure/source.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace gradwatt {

/// Flags that say what this machine is, shared by the verbs that measure.
struct MeasuringFlags {
  std::string cpu_watts;  ///< "IDLE:FULL"
  std::string total;      ///< "components" or "node"

  void declare(CLI::App& app);
  /// Throws UsageError for watts that are none.
  [[nodiscard]] std::optional<Machine::KnownPower> known_power() const;
  /// Throws UsageError for a total that is none.
  [[nodiscard]] CoverChoice cover() const;
  /// This machine as the flags and the environment describe it, without a clock.
  [[nodiscard]] Machine machine() const;
};

/// Where sensors are, as the environment says: GRADWATT_SYSROOT, GRADWATT_NVML_LIB,
/// GRADWATT_AMDSMI_LIB, CUDA_VISIBLE_DEVICES, CUDA_DEVICE_ORDER.
[[nodiscard]] Machine machine_of_environment();

/// What `gradwatt calibrate` has written into the store at `folder`; null where it was never run.
/// A damaged file is told on standard error and not used: no training waits for it.
[[nodiscard]] std::shared_ptr<const Calibration> calibration_of(
    const std::filesystem::path& folder);

/// How to start this program again as a process that reads one family, with the calibration of the
/// store at `folder`.
[[nodiscard]] std::function<SensorHost::Options(const SourceFamily& family,
                                                std::optional<Duration> interval)>
sensor_hosts(const std::filesystem::path& folder);

/// "100ms", "2s", "1.5 s", "5min". Throws UsageError naming `flag`.
[[nodiscard]] Duration duration_flag(std::string_view text, std::string_view flag);

}  // namespace gradwatt
