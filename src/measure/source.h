#pragma once

#include "trace/run_account.h"
#include "units/clock.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace gradwatt {

/// A channel that could not be read this time; what happened to its energy meanwhile.
struct ReadFailure {
  std::string reason;
  int errno_value = 0;
};

/// A reading behind which energy went missing: the counter was reset or may have wrapped unseen.
struct Uncertain {
  Energy since_first;  ///< With `assumed` for the stretch since the last good reading.
  std::string reason;
  Energy least;    ///< The stretch consumed at least this,
  Energy assumed;  ///< probably this
  Energy most;     ///< and at most this.
};

/// What a power sensor says, and the energy since the first reading that follows (PowerMeter).
struct Powered {
  Energy since_first;
  Power power;
};

/// What the channel knows is as old as its last reading: nothing to say, and nothing wrong.
struct NotRenewed {};

/// What reading one channel gives: the energy since its first reading, or why there is none.
using ChannelReading = std::variant<Energy, Powered, Uncertain, ReadFailure, NotRenewed>;

/// A fact about a device besides its energy; see StateRow.
struct DeviceState {
  std::string device;
  std::string name;  ///< With its unit: "temperature_c".
  double value = 0;
};

/// Reads some channels that belong together. Used by one thread at a time.
class PowerSource {
 public:
  virtual ~PowerSource() = default;
  [[nodiscard]] virtual const std::vector<ChannelInfo>& channels() const = 0;
  /// Reads all channels now. `readings` has one place per channel. Never throws.
  virtual void read(std::span<ChannelReading> readings) noexcept = 0;
  /// Reads what else is worth knowing, about once a second. Adds to `states`. Never throws.
  virtual void read_states(std::vector<DeviceState>& states) noexcept { static_cast<void>(states); }
  /// The machine was suspended: values may have changed in any way since the last reading.
  virtual void forget_last() noexcept {}
  /// Reading more often than this tells nothing new. 0: as often as one likes.
  [[nodiscard]] virtual Duration shortest_interval() const { return {}; }
};

/// What a source family found on this machine, for `doctor`.
struct Finding {
  enum class Status { present, absent, denied, unused };
  std::string what;  ///< "rapl package-0"
  Status status = Status::absent;
  std::string detail;  ///< How it is read, or why it is not.
  std::string fix;     ///< One safe step that would make it readable; empty: none is needed.
};

class Calibration;

struct Discovery {
  std::vector<std::unique_ptr<PowerSource>> sources;
  std::vector<Finding> findings;
};

/// What the user knows of this machine, and where its files are.
struct Machine {
  std::filesystem::path sysroot = "/";  ///< Stands for "/" below /sys, /proc/cpuinfo and cgroups.
  const Clock* clock = nullptr;
  /// Idle and full-load watts of the whole machine as measured with a meter.
  struct KnownPower {
    Power idle;
    Power full;
  };
  std::optional<KnownPower> known_power;
  /// CPU time used so far by the run's processes; nullopt: not looked at anew since it was last
  /// asked for. Empty when there is no run.
  std::function<std::optional<Duration>()> run_cpu_time;
  /// Vendor libraries, opened at run time: names for the dynamic linker, or paths.
  std::string nvml_library = "libnvidia-ml.so.1";
  std::string amdsmi_library = "libamd_smi.so";
  /// CUDA_VISIBLE_DEVICES as the command will see it; nullopt: not set, all GPUs.
  std::optional<std::string> visible_gpus;
  /// CUDA_DEVICE_ORDER=PCI_BUS_ID: CUDA's indices count cards in the order of their PCI addresses.
  bool cuda_in_pci_order = false;
  /// What was found out about this machine's sensors earlier; see measure/calibration.h.
  std::shared_ptr<const Calibration> calibration;
};

/// A kind of power source: its own file under measure/sources, one line in the catalog.
struct SourceFamily {
  const char* name = nullptr;
  const char* description = nullptr;
  /// Looks for it. `measured_scopes`: what earlier families in the catalog already measure.
  /// Never throws for what is absent or denied: that is a finding.
  Discovery (*discover)(const Machine& machine,
                        std::span<const std::string> measured_scopes) = nullptr;
  /// Its reads can block, hang or crash (a vendor's library, firmware behind a file): it is read by
  /// a process of its own, see measure/sensor_host.h.
  bool may_block = false;
  /// Whether what it needs is there, without touching anything that may block: where not, no
  /// process is started for it. Null: it always might.
  bool (*might_be_here)(const Machine& machine) = nullptr;
};

}  // namespace gradwatt
