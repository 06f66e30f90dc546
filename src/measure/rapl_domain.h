#pragma once

#include "measure/cpu_identity.h"
#include "trace/run_account.h"

#include <compare>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace gradwatt {

/// What a RAPL counter covers. core and uncore lie inside the package, the package inside psys;
/// dram lies beside it.
enum class RaplPart { package, dram, core, uncore, psys };

/// One counter, whichever way it is read: the same in perf events and in powercap.
struct RaplDomain {
  RaplPart part = RaplPart::package;
  int package = 0;
  std::optional<int> die;  ///< Only where a package has several, each with its own counter.

  auto operator<=>(const RaplDomain&) const = default;
};

/// Whether both would count the same joules twice: the same part of the same package, unless they
/// are two dies of it.
[[nodiscard]] bool overlap(const RaplDomain& a, const RaplDomain& b);

/// A top-level zone's name. Example: "package-1-die-0" is the package domain of die 0 in package 1.
[[nodiscard]] std::optional<RaplDomain> domain_of_zone(std::string_view name);
/// A zone's name inside `package`. Example: "dram". nullopt: a part that is not known.
[[nodiscard]] std::optional<RaplDomain> domain_of_part(std::string_view name,
                                                       const RaplDomain& package);

/// "pkg0", "dram1-die-0", "psys".
[[nodiscard]] std::string channel_name(const RaplDomain& domain);

/// More than any package draws, and still far from a whole range within a second: decides between
/// a wrapped and a reset counter.
inline constexpr Power kRaplPlausibleMax{5000};
/// What one package or its memory can draw, for bounds between two readings.
inline constexpr Power kRaplPowerMax{1000};
/// The counters are renewed about every millisecond.
inline constexpr Duration kRaplRefresh{1'000'000};
/// The hardware counts in 32 bits.
inline constexpr std::int64_t kRaplSteps = std::int64_t{1} << 32;

/// What decides how far a domain's counter can be trusted on this machine.
struct RaplMachine {
  CpuIdentity cpu;
  bool is_virtual = false;        ///< What it reads is the host's, if anything.
  bool filters_energy = false;    ///< SGX is on: updates are blurred on purpose.
  std::string kernel;             ///< "5.14.0-427"; empty: not known.
  bool dram_scale_wrong = false;  ///< Sapphire Rapids under a kernel that reads 4x too little.

  [[nodiscard]] bool is_sapphire_rapids() const;
};

/// `dram_range`, `package_range`: the greatest values that powercap names; they tell whether the
/// kernel uses one unit for both. Absent: the kernel's release decides.
[[nodiscard]] RaplMachine examine_rapl_machine(const std::filesystem::path& sysroot,
                                               std::optional<std::int64_t> package_range,
                                               std::optional<std::int64_t> dram_range);

/// The channel that a domain becomes, with bounds from docs/sources/rapl.md.
[[nodiscard]] ChannelInfo describe(const RaplDomain& domain, const RaplMachine& machine);

/// Why a domain must not be published at all; empty: it may.
[[nodiscard]] std::string why_unusable(const RaplDomain& domain, const RaplMachine& machine);

}  // namespace gradwatt
