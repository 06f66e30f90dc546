#include "measure/rapl_domain.h"

#include "base/expects.h"
#include "base/file.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace gradwatt {
namespace {

/// A whole decimal number and nothing else: "intel-rapl:a" and "package-0x" name no package.
std::optional<int> whole(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= 0
             ? std::optional(value)
             : std::nullopt;
}

bool has_flag(std::string_view cpuinfo, std::string_view flag) {
  const auto line = cpuinfo.find("\nflags");
  const auto begin = cpuinfo.starts_with("flags") ? 0 : line;
  if (begin == std::string_view::npos) {
    return false;
  }
  const auto end = cpuinfo.find('\n', begin + 1);
  const std::string words = fmt::format(" {} ", trimmed(cpuinfo.substr(begin, end - begin)));
  return words.find(fmt::format(" {} ", flag)) != std::string::npos;
}

/// Whether a kernel is older than 6.1, which uses the standard unit for Sapphire Rapids' DRAM.
/// Stable series got that fix too, so the release alone can accuse a kernel wrongly.
bool older_than_6_1(std::string_view release) {
  int major = 0;
  int minor = 0;
  const char* const end = release.data() + release.size();
  const auto first = std::from_chars(release.data(), end, major);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '.') {
    return true;  // Not known: not trusted.
  }
  if (std::from_chars(first.ptr + 1, end, minor).ec != std::errc{}) {
    return true;
  }
  return std::pair(major, minor) < std::pair(6, 1);
}

std::string suffix(const RaplDomain& domain) {
  return domain.die ? fmt::format("{}-die-{}", domain.package, *domain.die)
                    : fmt::format("{}", domain.package);
}

const char* scope_of(RaplPart part) {
  switch (part) {
    case RaplPart::package:
      return "cpu-package";
    case RaplPart::dram:
      return "dram";
    case RaplPart::psys:
      return "platform";
    case RaplPart::core:
    case RaplPart::uncore:
      return "cpu-part";
  }
  expects(false, "a known part");
  return "";
}

/// The bounds of docs/measurement.md, "How far a source can be off".
void set_gain(ChannelInfo& info, const CpuIdentity& cpu, RaplPart part) {
  double gain = 0.15;
  const char* basis = "RAPL model on AMD, ±15 %";
  if (part == RaplPart::psys) {
    basis = "platform domain of undocumented extent, ±15 %";
  } else if (part == RaplPart::dram) {
    gain = cpu.is_intel_server() ? 0.10 : 0.30;
    basis = cpu.is_intel_server() ? "RAPL DRAM under load, ±10 %" : "RAPL DRAM, ±30 %";
  } else if (!cpu.is_amd()) {
    gain = cpu.is_intel_server() ? 0.05 : 0.10;
    basis = cpu.is_intel_server() ? "RAPL on Intel servers, ±5 %" : "RAPL on Intel clients, ±10 %";
  }
  info.gain_lo = info.gain_hi = gain;
  info.basis = basis;
}

}  // namespace

bool overlap(const RaplDomain& a, const RaplDomain& b) {
  return a.part == b.part && a.package == b.package && (!a.die || !b.die || a.die == b.die);
}

std::optional<RaplDomain> domain_of_zone(std::string_view name) {
  RaplDomain domain;
  std::string_view rest;
  if (name == "psys") {
    return RaplDomain{RaplPart::psys};
  }
  if (name.starts_with("psys-")) {  // On machines of several packages, all but the first.
    domain.part = RaplPart::psys;
    rest = name.substr(5);
  } else if (name.starts_with("package-")) {
    rest = name.substr(8);
  } else {
    return std::nullopt;
  }
  if (const auto die = rest.find("-die-"); die != std::string_view::npos) {
    domain.die = whole(rest.substr(die + 5));
    if (!domain.die) {
      return std::nullopt;
    }
    rest = rest.substr(0, die);
  }
  const auto package = whole(rest);
  domain.package = package.value_or(0);
  return package ? std::optional(domain) : std::nullopt;
}

std::optional<RaplDomain> domain_of_part(std::string_view name, const RaplDomain& package) {
  RaplDomain domain = package;
  if (name == "dram") {
    domain.part = RaplPart::dram;
  } else if (name == "core") {
    domain.part = RaplPart::core;
  } else if (name == "uncore") {
    domain.part = RaplPart::uncore;
  } else {
    return std::nullopt;
  }
  return domain;
}

std::string channel_name(const RaplDomain& domain) {
  switch (domain.part) {
    case RaplPart::package:
      return "pkg" + suffix(domain);
    case RaplPart::dram:
      return "dram" + suffix(domain);
    case RaplPart::core:
      return "core" + suffix(domain);
    case RaplPart::uncore:
      return "uncore" + suffix(domain);
    case RaplPart::psys:
      return domain.package == 0 ? "psys" : "psys" + suffix(domain);
  }
  expects(false, "a known part");
  return "";
}

bool RaplMachine::is_sapphire_rapids() const {
  // Emerald Rapids (207) shares the kernel's tables with Sapphire Rapids (143).
  return cpu.vendor == "GenuineIntel" && cpu.family == 6 && (cpu.model == 143 || cpu.model == 207);
}

RaplMachine examine_rapl_machine(const std::filesystem::path& sysroot,
                                 std::optional<std::int64_t> package_range,
                                 std::optional<std::int64_t> dram_range) {
  const std::string cpuinfo = read_text(sysroot / "proc/cpuinfo").value_or("");
  RaplMachine machine{identify_cpu(sysroot)};
  machine.is_virtual = has_flag(cpuinfo, "hypervisor");
  machine.filters_energy = has_flag(cpuinfo, "sgx");
  const auto release = read_text(sysroot / "proc/sys/kernel/osrelease");
  machine.kernel = trimmed(release.value_or(""));
  if (machine.is_sapphire_rapids()) {
    machine.dram_scale_wrong = package_range && dram_range ? *package_range != *dram_range
                                                           : older_than_6_1(machine.kernel);
  }
  return machine;
}

ChannelInfo describe(const RaplDomain& domain, const RaplMachine& machine) {
  const RaplDomain package{RaplPart::package, domain.package, domain.die};
  const std::string device =
      domain.part == RaplPart::psys ? channel_name(domain) : "package-" + suffix(package);
  ChannelInfo info{channel_name(domain), device, "rapl", "counter", scope_of(domain.part)};
  // Core and uncore are inside the package and the package is inside psys: packages and DRAM
  // together are the one cover without overlap.
  info.in_total = domain.part == RaplPart::package || domain.part == RaplPart::dram;
  info.refresh = kRaplRefresh;
  info.power_max = kRaplPowerMax;
  set_gain(info, machine.cpu, domain.part);
  if (domain.part == RaplPart::psys && machine.is_sapphire_rapids()) {
    info.quantum = Energy::from_joules(1);
    info.basis += ", counts whole joules";
  }
  if (domain.part == RaplPart::dram && machine.dram_scale_wrong) {
    info.in_total = false;
    info.gain_hi = 3;  // A quarter of the truth is shown.
    info.basis = "this kernel reads Sapphire Rapids' DRAM about 4 times too low (fixed in 6.1)";
  }
  if (machine.filters_energy) {
    // Filtering is noise of up to half of each update, not a bias (Intel's advisory on
    // CVE-2020-8694; measured by green-coding.io): it blurs a window's edges.
    info.quantum = std::max(info.quantum, 0.5 * kRaplPowerMax * kRaplRefresh);
    info.basis += ", energy filtering (SGX) blurs single updates";
  }
  return info;
}

std::string why_unusable(const RaplDomain& domain, const RaplMachine& machine) {
  if (machine.cpu.is_amd() && domain.part == RaplPart::core) {
    return "reads one single core on AMD: not what its name says";
  }
  return "";
}

}  // namespace gradwatt
