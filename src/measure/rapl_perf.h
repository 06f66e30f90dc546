#pragma once

#include "measure/perf_events.h"
#include "measure/rapl_domain.h"
#include "measure/source.h"
#include "trace/counter.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// One energy event of the unit "power" on the CPU that stands for a package or die.
struct PowerEvent {
  RaplDomain domain;
  std::string name;  ///< "energy-pkg"
  int cpu = 0;
  std::uint64_t config = 0;
  double joules_per_count = 0;  ///< From the file ".scale": 2^-32.
};

/// What /sys/bus/event_source/devices/power offers.
struct PowerUnit {
  std::uint32_t type = 0;
  std::vector<PowerEvent> events;    ///< Those of one CPU together, packages first.
  std::vector<std::string> unknown;  ///< Events that could not be understood, and why.
};

/// nullopt: the kernel has no such unit. The CPUs of its `cpumask` are in no order of packages:
/// their topology says which they are. On AMD some kernels list one CPU per die, all of which show
/// the counter of the whole package: then one per package is taken.
[[nodiscard]] std::optional<PowerUnit> find_power_unit(const std::filesystem::path& sysroot,
                                                       bool is_amd);

/// "0,18-19" is 0, 18, 19. Empty for a text that is no such list.
[[nodiscard]] std::vector<int> cpus_of(std::string_view list);

/// Reads energy events: one system call for all domains of a package. Not thread-safe.
///
/// The kernel adds up the 32-bit hardware counter whenever somebody reads, and takes each
/// difference for a signed one: more than 2^31 units between two reads come out 2^32 too low. A
/// wait in which the sustained power could have gathered so much is ambiguous.
class RaplPerf final : public PowerSource {
 public:
  RaplPerf(PerfEvents& events, const Clock& clock) : events_(events), clock_(clock) {}

  /// Opens an event; those of one CPU follow each other. `unit_uj`: the hardware's unit. Returns 0
  /// or the errno of the failure.
  int add(const PowerUnit& unit, const PowerEvent& event, ChannelInfo info, double unit_uj);
  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }
  void read(std::span<ChannelReading> readings) noexcept override;
  void forget_last() noexcept override;

 private:
  struct Group {
    int cpu = 0;
    std::size_t first = 0;             ///< Its first channel.
    std::vector<UniqueFd> events;      ///< The leader first.
    std::vector<std::uint64_t> block;  ///< As read: how many, then the values.
  };
  struct Counter {
    double joules_per_count = 0;
    CounterMeter meter;
  };
  PerfEvents& events_;
  const Clock& clock_;
  std::vector<ChannelInfo> infos_;
  std::vector<Counter> counters_;
  std::vector<Group> groups_;
};

}  // namespace gradwatt
