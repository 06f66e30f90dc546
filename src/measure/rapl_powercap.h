#pragma once

#include "measure/rapl_domain.h"
#include "trace/counter.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// A folder below /sys/class/powercap that counts the energy of one domain.
struct PowercapZone {
  std::filesystem::path folder;
  std::string id;  ///< The folder's name: "intel-rapl:0:1".
  RaplDomain domain;
};

/// Source: the kernel's power capping framework; the same names on Intel and AMD.
struct PowercapZones {
  std::vector<PowercapZone> zones;   ///< Packages before their parts.
  std::vector<std::string> unknown;  ///< "intel-rapl:0:3 (soc)": names of no known meaning.
  bool exists = false;               ///< /sys/class/powercap is there at all.
};

/// Finds each domain once. The same package may be there twice, through MSRs and memory-mapped
/// (intel-rapl-mmio): adding both would count it double, so the MSR one is kept. On AMD a package
/// whose dies are listed one by one shows the same counter each time; the first is kept.
[[nodiscard]] PowercapZones find_powercap_zones(const std::filesystem::path& sysroot, bool is_amd);

/// The greatest value before the counter starts again: (2^32 - 1) units. Readable by all.
/// nullopt: absent, 0 or beyond sense; then the counter is not known to wrap.
[[nodiscard]] std::optional<std::int64_t> powercap_range(const PowercapZone& zone);

/// What an energy_uj can say between two readings, whose range is `range`.
[[nodiscard]] CounterLimits powercap_limits(std::optional<std::int64_t> range);

}  // namespace gradwatt
