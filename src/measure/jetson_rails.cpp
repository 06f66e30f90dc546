#include "measure/jetson_rails.h"

#include "base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

/// A round over three channels at the INA3221's default 1.1 ms for each voltage takes 6.6 ms; a
/// driver that does not tell its settings may use others of that order.
constexpr Duration kUntoldRefresh = std::chrono::milliseconds(10);
constexpr double kWattsPerMilliwatt = 1e-3;
constexpr double kWattsPerMicrowatt = 1e-6;

/// With one channel and a power register; the INA3221 has three and none.
bool has_power_register(const std::string& chip) {
  static constexpr std::array kChips{
      "ina219", "ina220", "ina226", "ina228", "ina230", "ina231", "ina237", "ina238", "ina260"};
  return std::find(kChips.begin(), kChips.end(), chip) != kChips.end();
}

bool is_connected(const std::string& label) {
  return !label.empty() && label != "NC" && !label.starts_with("sum of");
}

Duration refresh_of(const HwmonDevice& chip) {
  const auto ms = SysfsNumber(chip.folder / "update_interval").read();
  // The driver rounds to whole milliseconds: 0 is less than half of one.
  return ms && *ms >= 0 ? std::chrono::milliseconds(std::max<std::int64_t>(1, *ms))
                        : kUntoldRefresh;
}

bool is_enabled(const HwmonDevice& chip, int channel) {
  return SysfsNumber(chip.folder / fmt::format("in{}_enable", channel)).read().value_or(1) != 0;
}

void add_ina3221(const HwmonDevice& chip, std::vector<MonitoredRail>& rails) {
  const Duration refresh = refresh_of(chip);
  int enabled = 0;
  for (int channel = 1; channel <= 3; ++channel) {
    enabled += is_enabled(chip, channel) ? 1 : 0;
  }
  for (int channel = 1; channel <= 3; ++channel) {
    const auto label = hwmon_text(chip, fmt::format("in{}_label", channel)).value_or("");
    if (is_enabled(chip, channel) && is_connected(label)) {
      // Millivolts times milliamperes.
      rails.push_back({label,
                       chip.device.filename().string(),
                       HwmonSensor({chip, fmt::format("in{}_input", channel)},
                                   {chip, fmt::format("curr{}_input", channel)},
                                   kWattsPerMicrowatt),
                       refresh,
                       refresh / std::max(1, enabled)});
    }
  }
}

void add_power_monitor(const HwmonDevice& chip, std::vector<MonitoredRail>& rails) {
  const std::string place = chip.device.filename().string();
  std::string label = chip.name + "-" + place;
  for (const char* file : {"label", "power1_label", "in1_label", "device/of_node/label"}) {
    if (auto text = hwmon_text(chip, file)) {
      // Texts of the device tree end in a zero byte.
      label = text->substr(0, text->find('\0'));
      break;
    }
  }
  if (is_connected(label)) {
    const Duration refresh = refresh_of(chip);
    rails.push_back(
        {label, place, HwmonSensor({chip, "power1_input"}, kWattsPerMicrowatt), refresh, refresh});
  }
}

/// Through /sys/class/hwmon and through the drivers: a container may have only one of them.
std::vector<HwmonDevice> chips_below(const fs::path& sysroot) {
  std::vector<HwmonDevice> chips = hwmon_devices(sysroot);
  for (const char* driver : {"ina3221", "ina2xx", "ina238"}) {
    std::error_code error;
    for (fs::directory_iterator entry(sysroot / "sys/bus/i2c/drivers" / driver, error), end;
         !error && entry != end;
         entry.increment(error)) {
      const auto more = hwmon_devices_of(entry->path());
      chips.insert(chips.end(), more.begin(), more.end());
    }
  }
  std::sort(chips.begin(), chips.end());
  chips.erase(std::unique(chips.begin(), chips.end()), chips.end());
  return chips;
}

/// .../ina3221x/0-0040/iio:device0 with rail_name_N and in_powerN_input in milliwatts.
void add_iio(const fs::path& chip, const fs::path& iio, std::vector<MonitoredRail>& rails) {
  const HwmonDevice device{chip, "ina3221x", iio};
  for (int channel = 0; channel < 3; ++channel) {
    auto label = hwmon_text(device, fmt::format("rail_name_{}", channel));
    if (!label) {
      label = hwmon_text(device, fmt::format("rail_name{}", channel));
    }
    if (label && is_connected(*label)) {
      rails.push_back(
          {*label,
           chip.filename().string(),
           HwmonSensor({device, fmt::format("in_power{}_input", channel)}, kWattsPerMilliwatt),
           kUntoldRefresh,
           kUntoldRefresh / 3});
    }
  }
}

std::vector<fs::path> entries_of(const fs::path& folder, std::string_view prefix) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().filename().string().starts_with(prefix)) {
      entries.push_back(entry->path());
    }
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

}  // namespace

std::vector<MonitoredRail> monitored_rails(const fs::path& sysroot) {
  std::vector<MonitoredRail> rails;
  for (const HwmonDevice& chip : chips_below(sysroot)) {
    if (chip.name == "ina3221") {
      add_ina3221(chip, rails);
    } else if (has_power_register(chip.name)) {
      add_power_monitor(chip, rails);
    }
  }
  for (const fs::path& chip : entries_of(sysroot / "sys/bus/i2c/drivers/ina3221x", "")) {
    for (const fs::path& iio : entries_of(chip, "iio:device")) {
      add_iio(chip, iio, rails);
    }
  }
  return rails;
}

}  // namespace gradwatt
