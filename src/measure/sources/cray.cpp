// The counters of HPE Cray nodes, which the blade's controller writes to /sys/cray/pm_counters.
// Source: HPE Cray System Management documentation, "User Access to Compute Node Power Data".
#include "measure/metered.h"
#include "measure/pm_counter.h"
#include "measure/sources/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr double kGain = 0.05;
/// More than the largest node of four accelerators and two CPUs draws.
constexpr Power kNodePowerMax{8000};
/// How often the controller renews the files where raw_scan_hz does not tell.
constexpr std::int64_t kUsualScanHz = 10;
/// More than any node has.
constexpr int kAccelerators = 16;
/// The counters step in whole joules.
constexpr std::int64_t kMicrojoules = 1'000'000;

struct Quantity {
  std::string file;
  std::string channel;
  const char* scope;  ///< See measure/scope_cover.h.
  Power power_max;
  const char* extent;
};

/// What the node can draw. A power limit is kept on average, so for a moment it can be more.
Power node_power_max(const fs::path& folder) {
  const auto limit = PmCounter(folder / "power_cap", "W").read();
  return limit && *limit > 0 ? Power{1.5 * static_cast<double>(*limit)} : kNodePowerMax;
}

/// What the folder has. The node's counter contains all the others.
std::vector<Quantity> find_quantities(const fs::path& folder) {
  std::vector<Quantity> all{
      {"energy",
       "cray-node",
       "node",
       node_power_max(folder),
       "whole node without its power supply"},
      {"cpu_energy", "cray-cpu", "cpu-package", {2000}, "all CPUs of the node"},
      {"memory_energy", "cray-memory", "dram", {1000}, "all memory of the node"},
  };
  std::error_code error;
  for (int i = 0; i < kAccelerators; ++i) {
    all.push_back({fmt::format("accel{}_energy", i),
                   fmt::format("cray-accel{}", i),
                   "gpu-board",
                   {2000},
                   "one accelerator module"});
  }
  std::erase_if(all, [&](const Quantity& quantity) {
    return quantity.channel != "cray-node" && !fs::exists(folder / quantity.file, error);
  });
  return all;
}

Duration refresh_of(const fs::path& folder) {
  const auto hz = PmCounter(folder / "raw_scan_hz", "").read();
  return from_seconds(1.0 / static_cast<double>(hz && *hz > 0 ? *hz : kUsualScanHz));
}

ChannelInfo describe(const Quantity& quantity, Duration refresh) {
  ChannelInfo info{quantity.channel, "node", "cray", "counter", quantity.scope};
  info.gain_lo = info.gain_hi = kGain;
  info.refresh = refresh;
  info.power_max = quantity.power_max;
  info.basis = fmt::format("Cray pm_counters ({}), ±5 %", quantity.extent);
  return info;
}

class Cray final : public PowerSource {
 public:
  Cray(const fs::path& folder, const Clock& clock, Duration refresh)
      : clock_(clock),
        refresh_(refresh),
        freshness_(folder / "freshness", ""),
        power_(folder / "power", "W"),
        power_cap_(folder / "power_cap", "W"),
        generation_(folder / "generation", "") {}

  void add(ChannelInfo info, PmCounter counter) {
    const Power most = *info.power_max;
    counters_.push_back({std::move(counter), CounterMeter({{}, 2 * most, most, info.refresh}), {}});
    infos_.push_back(std::move(info));
  }

  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }
  [[nodiscard]] Duration shortest_interval() const override { return refresh_; }

  void read(std::span<ChannelReading> readings) noexcept override {
    read_one_scan([&] { return freshness_.read(); },
                  [&] {
                    for (Counter& counter : counters_) {
                      counter.joules = counter.file.read();
                    }
                  });
    const Instant now = clock_.now();
    for (std::size_t i = 0; i < counters_.size(); ++i) {
      Counter& counter = counters_[i];
      readings[i] = counter.joules && *counter.joules >= 0
                        ? metered(counter.meter, now, Energy{*counter.joules * kMicrojoules})
                        : ReadFailure{"unreadable", counter.joules ? EINVAL : counter.file.error()};
    }
  }

  void read_states(std::vector<DeviceState>& states) noexcept override {
    const auto add = [&](const char* name, std::optional<std::int64_t> value) {
      if (value && *value >= 0) {
        states.push_back({"cray-node", name, static_cast<double>(*value)});
      }
    };
    add("power_w", power_.read());
    // 0 stands for no limit.
    const auto cap = power_cap_.read();
    add("power_limit_w", cap && *cap > 0 ? cap : std::nullopt);
    add("power_limit_changes", generation_.read());
  }

  void forget_last() noexcept override {
    for (Counter& counter : counters_) {
      counter.meter.forget_last();
    }
  }

 private:
  struct Counter {
    PmCounter file;
    CounterMeter meter;
    std::optional<std::int64_t> joules;  ///< As just read.
  };

  const Clock& clock_;
  Duration refresh_;
  PmCounter freshness_;
  PmCounter power_;
  PmCounter power_cap_;
  PmCounter generation_;
  std::vector<ChannelInfo> infos_;
  std::vector<Counter> counters_;
};

Discovery discover_cray(const Machine& machine, std::span<const std::string> measured) {
  Discovery discovery;
  const fs::path folder = machine.sysroot / "sys/cray/pm_counters";
  std::error_code error;
  if (!fs::exists(folder, error)) {
    discovery.findings.push_back(
        {"cray", Finding::Status::absent, "no /sys/cray/pm_counters: not an HPE Cray node", ""});
    return discovery;
  }
  const Duration refresh = refresh_of(folder);
  auto source = std::make_unique<Cray>(folder, *machine.clock, refresh);
  for (const Quantity& quantity : find_quantities(folder)) {
    PmCounter counter(folder / quantity.file, "J");
    if (!counter.read()) {
      const bool denied = counter.error() == EACCES || counter.error() == EPERM;
      discovery.findings.push_back(
          {"cray " + quantity.file,
           denied ? Finding::Status::denied : Finding::Status::absent,
           fmt::format(
               "{}: {}", counter.file().string(), std::generic_category().message(counter.error())),
           denied ? "these files are meant for all users: ask the site why they are closed" : ""});
      continue;
    }
    ChannelInfo info = describe(quantity, refresh);
    info.in_total = info.scope == "node" && measured.empty();
    discovery.findings.push_back({"cray " + quantity.file,
                                  Finding::Status::present,
                                  fmt::format("counter, {}", info.basis),
                                  ""});
    source->add(std::move(info), std::move(counter));
  }
  if (!source->channels().empty()) {
    discovery.sources.push_back(std::move(source));
  }
  return discovery;
}

}  // namespace

SourceFamily cray_family() {
  return {"cray", "energy counters of HPE Cray nodes (pm_counters)", discover_cray};
}

}  // namespace gradwatt
