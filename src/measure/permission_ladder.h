#pragma once

#include "measure/broker_client.h"
#include "measure/source.h"

#include <filesystem>
#include <optional>
#include <string>

namespace gradwatt {

/// What stands between this user and the CPU's energy counters.
struct RaplAccess {
  bool is_virtual = false;      ///< A virtual machine.
  bool is_x86 = true;           ///< A CPU of a family that has such counters.
  bool in_container = false;    ///< A container's view of the machine.
  bool is_masked = false;       ///< Its zones lead nowhere: something is mounted over them.
  std::optional<int> paranoid;  ///< /proc/sys/kernel/perf_event_paranoid.
  std::string kernel;           ///< Its release.

  bool has_perf_unit = false;       ///< The kernel offers energy events.
  int perf_errno = 0;               ///< Why opening one failed; 0: it did not, or none was tried.
  bool has_powercap = false;        ///< /sys/class/powercap is there.
  bool has_zones = false;           ///< With intel-rapl zones in it.
  std::filesystem::path denied;     ///< An energy_uj that may not be read; empty: none.
  bool readable_by_others = false;  ///< An energy_uj that everybody may read.
  BrokerAnswer::Kind broker = BrokerAnswer::Kind::absent;
  std::string broker_detail;

  int by_perf = 0;    ///< Counters read through perf events,
  int by_file = 0;    ///< through files opened by this process,
  int by_broker = 0;  ///< through files that the broker opened.
};

/// Fills in what can be seen below `sysroot`: kind of CPU, container, perf_event_paranoid.
[[nodiscard]] RaplAccess look_at_access(const std::filesystem::path& sysroot);

/// The ladder, least privilege first: perf events, files of a group, the broker. Says which rung
/// holds, or what the next one needs: exact commands, none of which opens the counters to everyone.
[[nodiscard]] Finding explain(const RaplAccess& access);

}  // namespace gradwatt
