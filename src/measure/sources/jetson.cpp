// The supply rails of NVIDIA Jetson boards. Sources: the kernel's documentation of the driver
// ina3221; NVIDIA's Jetson Linux Developer Guide, "Power and Performance"; which rail is part of
// which: answers in NVIDIA's developer forum, and the project jetson_stats.
#include "base/file.h"
#include "measure/jetson_rails.h"
#include "measure/presence.h"
#include "measure/sources/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <system_error>

namespace gradwatt {
namespace {

/// No module draws as much, the largest take 130 W; and no board with what is plugged into it.
constexpr Power kModuleMax{200};
constexpr Power kBoardMax{400};
constexpr double kGain = 0.05;

/// Rails that everything else is fed from, the widest first.
struct TotalRail {
  std::string_view label;
  const char* extent;
  bool is_board = false;
};
constexpr std::array kTotals{
    TotalRail{"VIN", "the board's input", true},
    TotalRail{"VDD_MUX", "the board's input", true},
    TotalRail{"VDD_IN", "the module's input: the carrier board is not in it"},
    TotalRail{"POM_5V_IN", "the module's input: the carrier board is not in it"},
};

bool is_board_input(const std::string& label) {
  return std::any_of(kTotals.begin(), kTotals.end(), [&](const TotalRail& total) {
    return total.is_board && total.label == label;
  });
}

bool is_jetson(const std::filesystem::path& sysroot, const std::vector<MonitoredRail>& rails) {
  std::error_code error;
  for (const char* file : {"proc/device-tree/model", "sys/firmware/devicetree/base/model"}) {
    if (read_text(sysroot / file).value_or("").find("NVIDIA") != std::string::npos) {
      return true;
    }
  }
  // A container may hide the device tree. NVIDIA's names for its rails are no other board's.
  return std::filesystem::exists(sysroot / "etc/nv_tegra_release", error) ||
         std::filesystem::exists(sysroot / "sys/bus/i2c/drivers/ina3221x", error) ||
         std::any_of(rails.begin(), rails.end(), [](const MonitoredRail& rail) {
           return rail.label == "POM_5V_IN" || rail.label == "VDD_CPU_GPU_CV" ||
                  rail.label == "VDD_GPU_SOC" || rail.label == "VDD_CPU_SOC_MSS";
         });
}

ChannelInfo describe(const MonitoredRail& rail, const std::string& channel) {
  ChannelInfo info{channel, rail.device, "jetson", "power", "rail"};
  info.gain_lo = info.gain_hi = kGain;
  info.refresh = rail.refresh;
  info.window = rail.window;
  info.power_max = is_board_input(rail.label) ? kBoardMax : kModuleMax;
  info.basis = "power monitor on one rail, ±5 %";
  return info;
}

struct OpenRail {
  ChannelInfo info;
  HwmonSensor sensor;
  bool inside_another = false;
};

/// The rails that can be read; a finding for each of the others.
std::vector<OpenRail> open_rails(std::vector<MonitoredRail> rails, std::vector<Finding>& findings) {
  std::multiset<std::string> labels;
  for (const MonitoredRail& rail : rails) {
    labels.insert(rail.label);
  }
  std::vector<OpenRail> open;
  for (MonitoredRail& rail : rails) {
    const bool is_unique = labels.count(rail.label) == 1;
    const std::string channel = is_unique ? rail.label : rail.label + "-" + rail.device;
    if (!rail.sensor.read()) {
      findings.push_back(unreadable("jetson " + channel, rail.sensor));
      continue;
    }
    // On the AGX Orin the memory's rail is fed from the 5 V rail, which has a monitor of its own.
    const bool inside_another = rail.label == "VDDQ_VDD2_1V8AO" && labels.count("VIN_SYS_5V0") > 0;
    open.push_back({describe(rail, channel), std::move(rail.sensor), inside_another});
  }
  return open;
}

/// The sum of rails that are fed side by side, where nothing measures what feeds them all.
ChannelInfo describe_sum(const std::vector<OpenRail>& rails) {
  ChannelInfo info{"rails", "board", "jetson", "power", "rail-sum"};
  info.gain_lo = info.gain_hi = kGain;
  info.power_max = kModuleMax;
  info.window = rails.front().info.window;
  std::string names;
  for (const OpenRail& rail : rails) {
    if (!rail.inside_another) {
      info.refresh = std::max(info.refresh, rail.info.refresh);
      info.window = std::min(info.window, rail.info.window);
      names += (names.empty() ? "" : " + ") + rail.info.channel;
    }
  }
  info.basis = names + ", ±5 %; other rails and the carrier board are not in it";
  return info;
}

void add_sum(const std::vector<OpenRail>& rails, ChannelInfo info, HwmonPower& source) {
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < rails.size(); ++i) {
    if (!rails[i].inside_another) {
      members.push_back(i);
    }
  }
  source.add_sum(std::move(info), std::move(members));
}

Finding present(const ChannelInfo& info) {
  const bool is_total = info.scope != "rail";
  return {"jetson " + info.channel,
          Finding::Status::present,
          info.basis + (is_total ? "" : ", shown but not added"),
          ""};
}

Finding absent(const std::filesystem::path& sysroot) {
  if (is_jetson(sysroot, {})) {
    return {"jetson",
            Finding::Status::absent,
            "an NVIDIA board, but the kernel shows no power monitor",
            "sudo modprobe ina3221"};
  }
  return {"jetson", Finding::Status::absent, "no power monitors on supply rails", ""};
}

/// Says of the rails which one is the total. Where none is, their sum stands for it, but only if
/// none is missing: what is unknown is not 0.
std::optional<ChannelInfo> choose_total(std::vector<OpenRail>& rails,
                                        const std::vector<std::string>& labels,
                                        std::vector<Finding>& findings) {
  for (const TotalRail& total : kTotals) {
    if (std::find(labels.begin(), labels.end(), total.label) == labels.end()) {
      continue;
    }
    for (OpenRail& rail : rails) {
      if (rail.info.channel == total.label) {
        rail.info.scope = "node";
        rail.info.basis = fmt::format("power monitor on {}, ±5 %", total.extent);
      }
    }
    return std::nullopt;
  }
  if (rails.size() != labels.size()) {
    findings.push_back({"jetson rails",
                        Finding::Status::absent,
                        "a rail cannot be read, so what they draw together is not known",
                        ""});
    return std::nullopt;
  }
  return describe_sum(rails);
}

Discovery discover_jetson(const Machine& machine, std::span<const std::string> measured) {
  Discovery discovery;
  std::vector<MonitoredRail> monitored = monitored_rails(machine.sysroot);
  std::vector<std::string> labels;
  for (const MonitoredRail& rail : monitored) {
    labels.push_back(rail.label);
  }
  if (monitored.empty()) {
    discovery.findings.push_back(absent(machine.sysroot));
    return discovery;
  }
  const bool jetson = is_jetson(machine.sysroot, monitored);
  std::vector<OpenRail> rails = open_rails(std::move(monitored), discovery.findings);
  std::optional<ChannelInfo> sum;
  if (jetson) {
    sum = choose_total(rails, labels, discovery.findings);
  } else {
    discovery.findings.push_back({"jetson",
                                  Finding::Status::unused,
                                  "power monitors on a board that is no Jetson: what its rails "
                                  "feed is not known, they are shown but not added",
                                  ""});
  }
  auto source = std::make_unique<HwmonPower>(*machine.clock);
  for (OpenRail& rail : rails) {
    rail.info.in_total = rail.info.scope == "node" && measured.empty();
    discovery.findings.push_back(present(rail.info));
    source->add(rail.info, std::move(rail.sensor));
  }
  if (sum) {
    sum->in_total = measured.empty();
    discovery.findings.push_back(present(*sum));
    add_sum(rails, std::move(*sum), *source);
  }
  if (!source->channels().empty()) {
    discovery.sources.push_back(std::move(source));
  }
  return discovery;
}

bool might_be_here(const Machine& machine) { return has_chip(machine, "ina"); }

}  // namespace

SourceFamily jetson_family() {
  return {"jetson", "supply rails of NVIDIA Jetson boards", discover_jetson, true, might_be_here};
}

}  // namespace gradwatt
