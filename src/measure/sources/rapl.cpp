// Running Average Power Limit counters through the kernel's powercap files: intel-rapl:N[:M] on
// Intel and AMD alike. Source: the kernel's power capping framework documentation.
#include "base/file.h"
#include "measure/cpu_identity.h"
#include "measure/sources/catalog.h"
#include "measure/sysfs_number.h"
#include "trace/counter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

/// More than any package draws, and still far from a whole range within a second: decides between
/// a wrapped and a reset counter.
constexpr Power kPlausibleMax{5000};
/// What one package or its memory can draw, for bounds between two readings.
constexpr Power kPowerMax{1000};
/// The counters are renewed about every millisecond.
constexpr Duration kRefresh{1'000'000};
constexpr std::int64_t kCounterSteps = 0xffffffff;

struct Zone {
  fs::path folder;
  std::string name;     ///< "package-0", "dram", "psys", "core", ...
  std::string package;  ///< The name of the package it is part of; its own for a package.
  bool memory_mapped = false;
};

bool is_package(const std::string& name) { return name.starts_with("package-"); }

/// The zones below /sys/class/powercap, packages before their parts. The same package may be there
/// twice, through MSRs and memory-mapped: then the MSR one is kept, for adding both would count it
/// double.
std::vector<Zone> find_zones(const fs::path& powercap) {
  std::vector<Zone> zones;
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(powercap, error)) {
    if (entry.path().filename().string().starts_with("intel-rapl")) {
      folders.push_back(entry.path());
    }
  }
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders) {
    const std::string id = folder.filename().string();
    const auto name = read_text(folder / "name");
    if (!name || id.find(':') == std::string::npos) {
      continue;  // The control type itself, or a zone that is going away.
    }
    Zone zone{folder, std::string(trimmed(*name)), "", id.starts_with("intel-rapl-mmio")};
    zone.package = zone.name;
    if (std::count(id.begin(), id.end(), ':') == 2) {
      const auto parent = read_text(powercap / id.substr(0, id.rfind(':')) / "name");
      zone.package = parent ? std::string(trimmed(*parent)) : "";
    }
    zones.push_back(std::move(zone));
  }
  std::erase_if(zones, [&](const Zone& zone) {
    return zone.memory_mapped && std::any_of(zones.begin(), zones.end(), [&](const Zone& other) {
             return !other.memory_mapped && other.name == zone.name &&
                    other.package == zone.package;
           });
  });
  return zones;
}

/// "package-0" -> "pkg0", its "dram" -> "dram0", "package-1-die-0" -> "pkg1-die-0".
std::string channel_name(const Zone& zone) {
  const std::string suffix = is_package(zone.package) ? zone.package.substr(8) : "";
  return (is_package(zone.name) ? "pkg" : zone.name) + suffix;
}

/// The bounds of docs/measurement.md, "How far a source can be off".
void set_gain(ChannelInfo& info, const CpuIdentity& cpu, const std::string& zone) {
  double gain = 0.15;
  const char* basis = "RAPL model on AMD, ±15 %";
  if (zone == "psys") {
    basis = "platform domain of undocumented extent, ±15 %";
  } else if (zone == "dram") {
    gain = cpu.is_intel_server() ? 0.10 : 0.30;
    basis = cpu.is_intel_server() ? "RAPL DRAM under load, ±10 %" : "RAPL DRAM, ±30 %";
  } else if (!cpu.is_amd()) {
    gain = cpu.is_intel_server() ? 0.05 : 0.10;
    basis = cpu.is_intel_server() ? "RAPL on Intel servers, ±5 %" : "RAPL on Intel clients, ±10 %";
  }
  info.gain_lo = info.gain_hi = gain;
  info.basis = basis;
}

ChannelInfo describe(const Zone& zone, const CpuIdentity& cpu) {
  ChannelInfo info{channel_name(zone), zone.package, "rapl", "counter", ""};
  info.scope = is_package(zone.name) ? "cpu-package" : zone.name == "dram" ? "dram" : "cpu-part";
  if (zone.name == "psys") {
    info.scope = "platform";
  }
  // Core and uncore are inside the package and the package is inside psys: packages and DRAM
  // together are the one cover without overlap.
  info.in_total = info.scope == "cpu-package" || info.scope == "dram";
  info.refresh = kRefresh;
  info.power_max = kPowerMax;
  set_gain(info, cpu, zone.name);
  return info;
}

struct RaplChannel {
  SysfsNumber counter;
  CounterMeter meter;
};

class Rapl final : public PowerSource {
 public:
  explicit Rapl(const Clock& clock) : clock_(clock) {}

  void add(ChannelInfo info, SysfsNumber counter, std::optional<Energy> modulus) {
    infos_.push_back(std::move(info));
    channels_.push_back({std::move(counter), CounterMeter({modulus, kPlausibleMax})});
  }
  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }

  void read(std::span<ChannelReading> readings) noexcept override {
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      const auto value = channels_[i].counter.read();
      readings[i] = value && *value >= 0
                        ? metered(channels_[i].meter.read(clock_.now(), Energy{*value}))
                        : ReadFailure{"unreadable", value ? EINVAL : channels_[i].counter.error()};
    }
  }

 private:
  static ChannelReading metered(const CounterMeter::Step& step) {
    if (std::holds_alternative<CounterReset>(step.step)) {
      return Uncertain{step.since_first, "counter was reset"};
    }
    if (std::holds_alternative<CounterAmbiguous>(step.step)) {
      return Uncertain{step.since_first, "waited longer than the counter takes to wrap"};
    }
    return step.since_first;
  }

  const Clock& clock_;
  std::vector<ChannelInfo> infos_;
  std::vector<RaplChannel> channels_;
};

/// The counter starts again behind its greatest value. The file gives the greatest value,
/// (2^32 - 1) units; one unit more is the modulus.
std::optional<Energy> modulus_of(const fs::path& zone) {
  const auto greatest = SysfsNumber(zone / "max_energy_range_uj").read();
  if (!greatest || *greatest <= 0) {
    return std::nullopt;
  }
  return Energy{*greatest + std::max<std::int64_t>(1, *greatest / kCounterSteps)};
}

Finding absent(const fs::path& sysroot) {
  Finding finding{"rapl", Finding::Status::absent, "", ""};
  std::error_code error;
  const bool virtual_machine =
      read_text(sysroot / "proc/cpuinfo").value_or("").find(" hypervisor") != std::string::npos;
  if (fs::exists(sysroot / "sys/class/powercap", error)) {
    finding.detail = "the kernel offers no intel-rapl zone";
    finding.fix = virtual_machine ? "" : "sudo modprobe intel_rapl_msr";
  } else if (virtual_machine) {
    finding.detail = "a virtual machine: the host does not pass its energy counters on";
  } else if (fs::exists(sysroot / ".dockerenv", error)) {
    finding.detail = "masked by the container runtime";
    finding.fix =
        "start the container with -v /sys/class/powercap:/host/sys/class/powercap:ro and "
        "-v /sys/devices/virtual/powercap:/host/sys/devices/virtual/powercap:ro, then set "
        "GRADWATT_SYSROOT=/host";
  } else {
    finding.detail = "no /sys/class/powercap: the kernel has no power capping framework";
    finding.fix = "sudo modprobe intel_rapl_msr";
  }
  return finding;
}

Finding denied(const Zone& zone, int reason) {
  return {
      "rapl " + zone.name + (zone.package == zone.name ? "" : " of " + zone.package),
      Finding::Status::denied,
      fmt::format(
          "{}: {}", (zone.folder / "energy_uj").string(), std::generic_category().message(reason)),
      reason == EACCES || reason == EPERM
          ? "let one group read it: sudo groupadd -f energy && sudo usermod -aG energy $USER && "
            "sudo chgrp energy " +
                (zone.folder / "energy_uj").string() + " && sudo chmod 0440 " +
                (zone.folder / "energy_uj").string() + " (until reboot; then log in again)"
          : ""};
}

Discovery discover_rapl(const Machine& machine, std::span<const std::string>) {
  Discovery discovery;
  const CpuIdentity cpu = identify_cpu(machine.sysroot);
  const auto zones = find_zones(machine.sysroot / "sys/class/powercap");
  if (zones.empty()) {
    discovery.findings.push_back(absent(machine.sysroot));
    return discovery;
  }
  auto rapl = std::make_unique<Rapl>(*machine.clock);
  for (const Zone& zone : zones) {
    if (cpu.is_amd() && zone.name == "core") {
      discovery.findings.push_back({"rapl core of " + zone.package,
                                    Finding::Status::unused,
                                    "reads one single core on AMD: not what its name says",
                                    ""});
      continue;
    }
    SysfsNumber counter(zone.folder / "energy_uj");
    if (!counter.read()) {
      discovery.findings.push_back(denied(zone, counter.error()));
      continue;
    }
    ChannelInfo info = describe(zone, cpu);
    discovery.findings.push_back(
        {"rapl " + info.channel,
         Finding::Status::present,
         fmt::format("counter, {}{}", info.basis, info.in_total ? "" : ", shown but not added"),
         ""});
    rapl->add(std::move(info), std::move(counter), modulus_of(zone.folder));
  }
  if (!rapl->channels().empty()) {
    discovery.sources.push_back(std::move(rapl));
  }
  return discovery;
}

}  // namespace

SourceFamily rapl_family() {
  return {"rapl", "CPU package and DRAM energy counters (powercap)", discover_rapl};
}

}  // namespace gradwatt
