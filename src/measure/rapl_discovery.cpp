#include "measure/rapl_discovery.h"

#include "measure/counter_files.h"
#include "measure/permission_ladder.h"
#include "measure/rapl_perf.h"
#include "measure/rapl_powercap.h"
#include "measure/sysfs_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace gradwatt {
namespace {

/// Long enough for every counter of a real machine to move.
constexpr int kMovesWithinMs = 20;
/// The finest unit in use (2^-16 J: AMD's, and that of DRAM on Intel servers), where powercap does
/// not name the counter's own: perf events never do. Too fine a unit doubts some readings that are
/// right, too coarse a one believes some that are wrong.
constexpr double kFinestUnit = 15.2587890625;

bool may_not(int reason) { return reason == EACCES || reason == EPERM; }

Finding about(const RaplDomain& domain, Finding::Status status, std::string detail) {
  return {"rapl " + channel_name(domain), status, std::move(detail), ""};
}

/// The hardware's unit in microjoules: powercap's greatest value in 2^32 - 1 units.
double unit_of(const RaplDomain& domain, const PowercapZones& powercap) {
  for (const PowercapZone& zone : powercap.zones) {
    const auto range = overlap(zone.domain, domain) ? powercap_range(zone) : std::nullopt;
    if (range) {
      return static_cast<double>(*range) / static_cast<double>(kRaplSteps - 1);
    }
  }
  return kFinestUnit;
}

std::optional<std::int64_t> range_of(RaplPart part, const PowercapZones& powercap) {
  for (const PowercapZone& zone : powercap.zones) {
    if (zone.domain.part == part) {
      return powercap_range(zone);
    }
  }
  return std::nullopt;
}

/// Whether what `value` reads rises. In a virtual machine a host that passes nothing on may still
/// show the counters, standing at 0 or at what they were.
template <typename Value>
bool rises(const Value& value) {
  const auto before = value();
  static_cast<void>(::poll(nullptr, 0, kMovesWithinMs));
  const auto after = value();
  return before && after && *after > *before;
}

bool everybody_reads(const std::filesystem::path& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0;
}

/// The story of finding the domains, way by way; what one way has read no later one reads again.
class Search {
 public:
  Search(const Machine& machine, PerfEvents& perf)
      : machine_(machine),
        perf_(perf),
        cpu_(identify_cpu(machine.sysroot)),
        powercap_(find_powercap_zones(machine.sysroot, cpu_.is_amd())),
        rapl_(examine_rapl_machine(machine.sysroot,
                                   range_of(RaplPart::package, powercap_),
                                   range_of(RaplPart::dram, powercap_))),
        access_(look_at_access(machine.sysroot)) {
    access_.is_virtual = rapl_.is_virtual;
    access_.kernel = rapl_.kernel;
    access_.has_powercap = powercap_.exists;
    access_.has_zones = !powercap_.zones.empty();
  }

  Discovery find() {
    try_perf();
    try_files();
    for (const std::string& unknown : powercap_.unknown) {
      found_.findings.push_back({"rapl zone", Finding::Status::unused, unknown, ""});
    }
    found_.findings.insert(found_.findings.begin(), explain(access_));
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool is_read(const RaplDomain& domain) const {
    return std::any_of(read_.begin(), read_.end(), [&](const RaplDomain& other) {
      return overlap(domain, other);
    });
  }

  /// Whether to leave a domain out whichever way it could be read.
  bool leave_out(const RaplDomain& domain) {
    if (is_read(domain)) {
      return true;
    }
    const std::string why = why_unusable(domain, rapl_);
    if (!why.empty()) {
      found_.findings.push_back(about(domain, Finding::Status::unused, why));
      read_.push_back(domain);
    }
    return !why.empty();
  }

  /// Whether what `value` reads is a counter of this machine.
  template <typename Value>
  bool is_ours(const RaplDomain& domain, const Value& value) {
    if (!rapl_.is_virtual || rises(value)) {
      return true;
    }
    found_.findings.push_back(
        about(domain,
              Finding::Status::unused,
              "stands still in a virtual machine: the host does not pass it on"));
    read_.push_back(domain);
    return false;
  }

  void note_read(const RaplDomain& domain, const ChannelInfo& info, const char* way) {
    read_.push_back(domain);
    found_.findings.push_back(about(
        domain,
        Finding::Status::present,
        fmt::format("{}, {}{}", way, info.basis, info.in_total ? "" : ", shown but not added")));
  }

  void try_perf() {
    const auto unit = find_power_unit(machine_.sysroot, cpu_.is_amd());
    if (!unit) {
      return;
    }
    access_.has_perf_unit = !unit->events.empty();
    for (const std::string& unknown : unit->unknown) {
      found_.findings.push_back({"rapl perf", Finding::Status::unused, unknown, ""});
    }
    auto source = std::make_unique<RaplPerf>(perf_, *machine_.clock);
    for (const PowerEvent& event : unit->events) {
      if (!leave_out(event.domain)) {
        add_event(*source, *unit, event);
      }
    }
    if (!source->channels().empty()) {
      found_.sources.push_back(std::move(source));
    }
  }

  void add_event(RaplPerf& source, const PowerUnit& unit, const PowerEvent& event) {
    const double unit_uj = unit_of(event.domain, powercap_);
    const ChannelInfo info = describe(event.domain, rapl_);
    RaplPerf trial(perf_, *machine_.clock);
    int error = trial.add(unit, event, info, unit_uj);
    const auto energy = [&] {
      std::array<ChannelReading, 1> reading{};
      trial.read(reading);
      const auto* good = std::get_if<Energy>(reading.data());
      const auto* bad = std::get_if<ReadFailure>(reading.data());
      error = bad != nullptr ? bad->errno_value : 0;
      return good != nullptr ? std::optional(*good) : std::nullopt;
    };
    if (error == 0) {
      static_cast<void>(energy());
    }
    if (error == 0 && !is_ours(event.domain, energy)) {
      return;
    }
    error = error != 0 ? error : source.add(unit, event, info, unit_uj);
    if (error != 0) {
      access_.perf_errno = access_.perf_errno != 0 ? access_.perf_errno : error;
      return;
    }
    ++access_.by_perf;
    note_read(event.domain, info, "perf events");
  }

  void try_files() {
    auto source = std::make_unique<CounterFiles<SysfsNumber>>(*machine_.clock);
    for (const PowercapZone& zone : powercap_.zones) {
      const std::filesystem::path file = zone.folder / "energy_uj";
      access_.readable_by_others |= everybody_reads(file);
      if (leave_out(zone.domain)) {
        continue;
      }
      SysfsNumber counter(file);
      bool brokered = false;
      if (!counter.read() && may_not(counter.error())) {
        if (UniqueFd fd = from_broker(zone.id)) {
          counter = SysfsNumber(file, std::move(fd));
          brokered = true;
        }
      }
      if (!counter.read()) {
        note_denied(zone, file, counter.error());
        continue;
      }
      if (!is_ours(zone.domain, [&] { return counter.read(); })) {
        continue;
      }
      ++(brokered ? access_.by_broker : access_.by_file);
      ChannelInfo info = describe(zone.domain, rapl_);
      note_read(zone.domain, info, brokered ? "file from gradwatt-broker" : "powercap file");
      source->add(std::move(info), std::move(counter), powercap_limits(powercap_range(zone)));
    }
    if (!source->channels().empty()) {
      found_.sources.push_back(std::move(source));
    }
  }

  void note_denied(const PowercapZone& zone, const std::filesystem::path& file, int reason) {
    std::string detail =
        fmt::format("{}: {}", file.string(), std::generic_category().message(reason));
    if (may_not(reason)) {
      access_.denied = access_.denied.empty() ? file : access_.denied;
      detail += " (see rapl access)";
    } else if (reason == EIO) {
      detail += ": the firmware does not answer for this domain";
    }
    found_.findings.push_back(about(zone.domain, Finding::Status::denied, std::move(detail)));
  }

  /// The broker is asked when it is first needed, once.
  UniqueFd from_broker(const std::string& zone) {
    if (!asked_) {
      asked_ = ask_broker(broker_socket(machine_.sysroot));
      access_.broker = asked_->kind;
      access_.broker_detail = asked_->detail;
    }
    for (BrokerAnswer::File& file : asked_->files) {
      if (file.zone == zone) {
        return std::move(file.energy);
      }
    }
    return {};
  }

  const Machine& machine_;
  PerfEvents& perf_;
  CpuIdentity cpu_;
  PowercapZones powercap_;
  RaplMachine rapl_;
  RaplAccess access_;
  std::vector<RaplDomain> read_;
  std::optional<BrokerAnswer> asked_;
  Discovery found_;
};

}  // namespace

Discovery discover_rapl(const Machine& machine, PerfEvents& perf) {
  return Search(machine, perf).find();
}

}  // namespace gradwatt
