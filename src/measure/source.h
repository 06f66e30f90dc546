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
  Energy since_first;
  std::string reason;
};

/// What reading one channel gives: the energy since its first reading, or why there is none.
using ChannelReading = std::variant<Energy, Uncertain, ReadFailure>;

/// Reads some channels that belong together. Used by one thread at a time.
class PowerSource {
 public:
  virtual ~PowerSource() = default;
  [[nodiscard]] virtual const std::vector<ChannelInfo>& channels() const = 0;
  /// Reads all channels now. `readings` has one place per channel. Never throws.
  virtual void read(std::span<ChannelReading> readings) noexcept = 0;
};

/// What a source family found on this machine, for `doctor`.
struct Finding {
  enum class Status { present, absent, denied, unused };
  std::string what;  ///< "rapl package-0"
  Status status = Status::absent;
  std::string detail;  ///< How it is read, or why it is not.
  std::string fix;     ///< One safe step that would make it readable; empty: none is needed.
};

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
  /// CPU time used so far by the run's processes; nullopt when there is no run.
  std::function<std::optional<Duration>()> run_cpu_time;
};

/// A kind of power source: its own file under measure/sources, one line in the catalog.
struct SourceFamily {
  const char* name;
  const char* description;
  /// Looks for it. `measured_scopes`: what earlier families in the catalog already measure.
  /// Never throws for what is absent or denied: that is a finding.
  Discovery (*discover)(const Machine& machine, std::span<const std::string> measured_scopes);
};

}  // namespace gradwatt
