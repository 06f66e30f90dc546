#include "measure/permission_ladder.h"

#include "base/file.h"

#include <fmt/format.h>

#include <charconv>
#include <system_error>
#include <utility>
#include <vector>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

/// Distributions' own levels; beyond 2 even CAP_PERFMON may not be enough.
constexpr int kStrictest = 2;

constexpr const char* kPerfmon =
    "sudo setcap cap_perfmon=ep \"$(readlink -f \"$(command -v gradwatt)\")\"";
constexpr const char* kGroup =
    "sudo install -m 0644 packaging/sysusers.d/gradwatt.conf /etc/sysusers.d/ && "
    "sudo systemd-sysusers && "
    "sudo install -m 0644 packaging/tmpfiles.d/gradwatt.conf /etc/tmpfiles.d/ && "
    "sudo systemd-tmpfiles --create gradwatt.conf && sudo usermod -aG energy \"$USER\", then log "
    "in again";
constexpr const char* kBroker = "sudo systemctl enable --now gradwatt-broker.socket";
constexpr const char* kJoin = "sudo usermod -aG energy \"$USER\", then log in again";
constexpr const char* kModule = "sudo modprobe intel_rapl_msr";
constexpr const char* kBindBroker =
    "start the container with -v /run/gradwatt-broker.sock:/run/gradwatt-broker.sock and "
    "--group-add \"$(getent group energy | cut -d: -f3)\" (the broker runs on the host)";
constexpr const char* kBindMounts =
    "start the container with -v /sys/class/powercap:/host/sys/class/powercap:ro and "
    "-v /sys/devices/virtual/powercap:/host/sys/devices/virtual/powercap:ro, then set "
    "GRADWATT_SYSROOT=/host";

std::string text_of(int reason) { return std::generic_category().message(reason); }

/// CAP_PERFMON came with Linux 5.8.
bool knows_perfmon(std::string_view release) {
  int major = 0;
  int minor = 0;
  const char* const end = release.data() + release.size();
  const auto first = std::from_chars(release.data(), end, major);
  if (first.ec != std::errc{} || first.ptr == end) {
    return true;  // Not known; the command says so itself where it does not work.
  }
  std::from_chars(first.ptr + 1, end, minor);
  return std::pair(major, minor) >= std::pair(5, 8);
}

bool perf_was_forbidden(const RaplAccess& access) {
  return access.perf_errno == EACCES || access.perf_errno == EPERM;
}

Finding readable(const RaplAccess& access) {
  std::vector<std::string> ways;
  if (access.by_perf > 0) {
    ways.push_back(fmt::format("{} through perf events", access.by_perf));
  }
  if (access.by_file > 0) {
    ways.push_back(fmt::format("{} through powercap files", access.by_file));
  }
  if (access.by_broker > 0) {
    ways.push_back(fmt::format("{} through gradwatt-broker", access.by_broker));
  }
  Finding finding{"rapl access", Finding::Status::present, "", ""};
  finding.detail = fmt::format("counters: {}", fmt::join(ways, ", "));
  if (access.readable_by_others) {
    finding.detail += "; everybody may read the files, and secrets with them (CVE-2020-8694)";
    finding.fix = kGroup;
  }
  return finding;
}

Finding missing(const RaplAccess& access) {
  Finding finding{"rapl access", Finding::Status::absent, "", ""};
  if (access.is_virtual) {
    finding.detail = "a virtual machine: the host does not pass its energy counters on";
  } else if (!access.is_x86) {
    finding.detail = "only x86 CPUs have these counters";
  } else if (access.in_container || access.is_masked) {
    finding.detail = "masked by the container runtime";
    finding.fix = fmt::format("{}; if they are denied then, {}", kBindMounts, kBindBroker);
  } else if (access.has_powercap) {
    finding.detail = "the kernel offers no intel-rapl zone and no energy events";
    finding.fix = kModule;
  } else {
    finding.detail = "no /sys/class/powercap: the kernel has no power capping framework";
    finding.fix = kModule;
  }
  return finding;
}

/// What perf events would need here; empty: they are no way.
std::string perf_step(const RaplAccess& access) {
  const bool may_work = access.has_perf_unit && perf_was_forbidden(access) &&
                        access.paranoid.value_or(0) <= kStrictest && knows_perfmon(access.kernel);
  if (!may_work) {
    return "";
  }
  return access.in_container ? "start the container with --cap-add=PERFMON" : kPerfmon;
}

std::string file_step(const RaplAccess& access) {
  if (access.denied.empty()) {
    return "";
  }
  return access.in_container ? kBindBroker : kGroup;
}

Finding denied(const RaplAccess& access) {
  Finding finding{"rapl access", Finding::Status::denied, "", ""};
  std::vector<std::string> reasons;
  if (access.has_perf_unit && access.perf_errno != 0) {
    reasons.push_back(fmt::format(
        "perf events: {}{}",
        text_of(access.perf_errno),
        access.paranoid
            ? fmt::format(" (perf_event_paranoid is {}{})",
                          *access.paranoid,
                          *access.paranoid > kStrictest ? ", beyond any capability" : "")
            : ""));
  }
  if (!access.denied.empty()) {
    reasons.push_back(fmt::format("{}: may not be read", access.denied.string()));
  }
  if (access.broker != BrokerAnswer::Kind::absent) {
    reasons.push_back("broker: " + access.broker_detail);
  }
  finding.detail = fmt::format("{}", fmt::join(reasons, "; "));
  if (access.broker == BrokerAnswer::Kind::refused) {
    finding.fix = access.in_container ? kBindBroker : kJoin;
    return finding;
  }
  std::vector<std::string> steps;
  for (std::string step : {perf_step(access), file_step(access)}) {
    if (!step.empty()) {
      steps.push_back(std::move(step));
    }
  }
  if (!access.denied.empty() && !access.in_container) {
    steps.emplace_back(kBroker);
  }
  finding.fix = fmt::format("{}", fmt::join(steps, "; or "));
  return finding;
}

}  // namespace

RaplAccess look_at_access(const fs::path& sysroot) {
  RaplAccess access;
  std::error_code error;
  access.in_container =
      fs::exists(sysroot / ".dockerenv", error) || fs::exists(sysroot / "run/.containerenv", error);
  const auto cpus = read_text(sysroot / "proc/cpuinfo");
  access.is_x86 = !cpus || cpus->find("vendor_id") != std::string::npos;
  // Docker hides the zones behind an empty folder, but not the links to them.
  for (const auto& zone : fs::directory_iterator(sysroot / "sys/class/powercap", error)) {
    access.is_masked = access.is_masked || (zone.is_symlink(error) && !zone.exists(error));
  }
  const auto paranoid = read_text(sysroot / "proc/sys/kernel/perf_event_paranoid");
  if (paranoid) {
    const std::string_view text = trimmed(*paranoid);
    int level = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), level).ec == std::errc{}) {
      access.paranoid = level;
    }
  }
  return access;
}

Finding explain(const RaplAccess& access) {
  if (access.by_perf + access.by_file + access.by_broker > 0) {
    return readable(access);
  }
  if (!access.has_zones && !access.has_perf_unit) {
    return missing(access);
  }
  return denied(access);
}

}  // namespace gradwatt
