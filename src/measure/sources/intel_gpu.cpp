// Energy counters of Intel's discrete GPUs, through the hwmon files of the drivers i915 and xe.
// Source: the kernel's ABI documents sysfs-driver-intel-i915-hwmon and sysfs-driver-intel-xe-hwmon.
// Integrated GPUs have no such files; their energy is part of the CPU package's.
#include "measure/apply_facts.h"
#include "measure/counter_files.h"
#include "measure/graphics_card.h"
#include "measure/hwmon.h"
#include "measure/sources/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace gradwatt {
namespace {

/// No card of Intel's draws more.
constexpr Power kPowerMax{600};
/// A limit is kept over seconds, not at every instant.
constexpr double kShortPeak = 2;
/// Intel publishes no update period; `gradwatt calibrate` finds the real one.
constexpr Duration kRefresh = std::chrono::milliseconds(100);
constexpr double kGain = 0.10;

/// One energyN_input of a card.
struct EnergyFile {
  std::string attribute;
  bool is_card = false;  ///< The whole card; else its package only.
};

/// i915 counts the card in its one counter; xe has one for the card and one for the package and
/// says so in labels, and in its first version had one for the package without a label.
std::vector<EnergyFile> energy_files(const HwmonDevice& chip) {
  std::vector<EnergyFile> files;
  for (const char* number : {"1", "2"}) {
    const std::string attribute = std::string("energy") + number;
    std::error_code error;
    if (std::filesystem::exists(chip.folder / (attribute + "_input"), error)) {
      const std::string label = hwmon_text(chip, attribute + "_label").value_or("");
      const bool is_card =
          label == "card" || (label.empty() && chip.name == "i915" && *number == '1');
      files.push_back({attribute + "_input", is_card});
    }
  }
  std::stable_sort(files.begin(), files.end(), [](const auto& a, const auto& b) {
    return a.is_card && !b.is_card;
  });
  return files;
}

std::optional<Power> limit_of(const HwmonDevice& chip, const std::string& attribute) {
  const auto microwatts = HwmonNumber(chip, attribute).read();
  return microwatts && *microwatts > 0
             ? std::optional(Power{static_cast<double>(*microwatts) * 1e-6})
             : std::nullopt;
}

/// What the card can draw for an instant; its limits are 0 or absent where they are not in force.
Power power_max(const HwmonDevice& chip) {
  std::optional<Power> most;
  for (const char* number : {"1", "2"}) {
    const std::string power = std::string("power") + number;
    if (const auto peak = limit_of(chip, power + "_crit")) {
      most = std::max(most.value_or(Power{}), *peak);
    }
    if (const auto sustained = limit_of(chip, power + "_max")) {
      most = std::max(most.value_or(Power{}), kShortPeak * *sustained);
    }
  }
  return most.value_or(kPowerMax);
}

ChannelInfo describe(const EnergyFile& file, bool is_first, const GraphicsCard& card) {
  ChannelInfo info{"", card.address, "intel-gpu", "counter", "gpu-board"};
  info.in_total = is_first;
  if (!is_first) {
    info.scope = "gpu-package";  // Part of the card.
  }
  info.refresh = kRefresh;
  info.gain_lo = info.gain_hi = kGain;
  info.basis = file.is_card ? "hwmon counter of the card, ±10 %"
                            : "hwmon counter of the GPU's package, without what else is on the "
                              "card, ±10 %";
  return info;
}

class IntelSearch {
 public:
  explicit IntelSearch(const Machine& machine)
      : machine_(machine), prefix_(gpu_channel_prefix(machine.sysroot, kIntel)) {}

  Discovery search() {
    for (const GraphicsCard& card : graphics_cards(machine_.sysroot)) {
      if (card.vendor == kIntel) {
        look_at(card);
      }
    }
    if (found_.findings.empty()) {
      found_.findings.push_back({"intel-gpu",
                                 Finding::Status::absent,
                                 "no discrete GPU of Intel's with an energy counter: integrated "
                                 "ones are part of the CPU package",
                                 ""});
    }
    return std::move(found_);
  }

 private:
  void look_at(const GraphicsCard& card) {
    for (const HwmonDevice& chip : hwmon_devices_of(card.device)) {
      // i915_gt0, i915_gt1: the tiles of a card, which i915 counts together.
      if (chip.name != "i915" && chip.name != "xe") {
        continue;
      }
      const auto files = energy_files(chip);
      if (files.empty()) {
        continue;
      }
      if (card.asleep) {
        found_.findings.push_back({"intel-gpu " + card.address,
                                   Finding::Status::unused,
                                   "it is switched off while unused, and reading would wake it",
                                   "start what uses it first"});
        continue;
      }
      add(card, chip, files);
    }
  }

  void add(const GraphicsCard& card, const HwmonDevice& chip, std::span<const EnergyFile> files) {
    auto source = std::make_unique<CounterFiles<HwmonNumber>>(*machine_.clock);
    const std::string name = prefix_ + std::to_string(count_);
    for (const EnergyFile& file : files) {
      const bool is_first = source->channels().empty();
      HwmonNumber counter(chip, file.attribute);
      const std::string what = fmt::format("intel-gpu {} at {}", name, card.address);
      if (!counter.read()) {
        found_.findings.push_back(unreadable(what, counter));
        continue;
      }
      ChannelInfo info = describe(file, is_first, card);
      info.channel = is_first ? name : name + "-package";
      apply_facts(info, machine_);
      info.power_max = power_max(chip);
      found_.findings.push_back(
          {what,
           Finding::Status::present,
           fmt::format("{}{}", info.basis, is_first ? "" : ", shown but not added"),
           ""});
      const CounterLimits limits{std::nullopt, *info.power_max, std::nullopt, info.refresh};
      source->add(std::move(info), std::move(counter), limits);
    }
    if (!source->channels().empty()) {
      found_.sources.push_back(std::move(source));
      ++count_;
    }
  }

  static Finding unreadable(const std::string& what, const HwmonNumber& counter) {
    const bool denied = counter.error() == EACCES || counter.error() == EPERM;
    return {
        what,
        denied ? Finding::Status::denied : Finding::Status::unused,
        fmt::format(
            "{}: {}", counter.file().string(), std::generic_category().message(counter.error())),
        denied ? fmt::format("let your group read it: sudo chgrp $(id -gn) {0} && "
                             "sudo chmod 0440 {0} (until reboot)",
                             counter.file().string())
               : ""};
  }

  const Machine& machine_;
  std::string prefix_;
  Discovery found_;
  int count_ = 0;
};

Discovery discover_intel_gpu(const Machine& machine, std::span<const std::string>) {
  return IntelSearch(machine).search();
}

}  // namespace

SourceFamily intel_gpu_family() {
  return {"intel-gpu", "Intel discrete GPU energy counters (hwmon)", discover_intel_gpu};
}

}  // namespace gradwatt
