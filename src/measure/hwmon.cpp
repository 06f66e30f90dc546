#include "measure/hwmon.h"

#include "base/file.h"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <system_error>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

/// Drivers of the older kind keep their attributes, the name among them, in the device's folder.
std::string name_of_chip(const fs::path& folder) {
  for (const char* file : {"name", "device/name"}) {
    if (const auto text = read_text(folder / file)) {
      return std::string(trimmed(*text));
    }
  }
  return "";
}

std::optional<HwmonDevice> chip_at(const fs::path& folder) {
  std::error_code error;
  const fs::path real = fs::canonical(folder, error);
  if (error) {
    return std::nullopt;  // It is going away.
  }
  const fs::path device = fs::canonical(real / "device", error);
  return HwmonDevice{error ? real : device, name_of_chip(real), real};
}

std::vector<HwmonDevice> chips_in(const fs::path& folder) {
  std::vector<HwmonDevice> chips;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().filename().string().starts_with("hwmon")) {
      if (auto chip = chip_at(entry->path())) {
        chips.push_back(std::move(*chip));
      }
    }
  }
  std::sort(chips.begin(), chips.end());
  return chips;
}

}  // namespace

std::vector<HwmonDevice> hwmon_devices(const fs::path& sysroot) {
  return chips_in(sysroot / "sys/class/hwmon");
}

std::vector<HwmonDevice> hwmon_devices_of(const fs::path& device) {
  return chips_in(device / "hwmon");
}

std::optional<std::string> hwmon_text(const HwmonDevice& chip, const std::string& attribute) {
  const auto text = read_text(chip.folder / attribute);
  return text ? std::optional(std::string(trimmed(*text))) : std::nullopt;
}

HwmonNumber::HwmonNumber(HwmonDevice chip, std::string attribute)
    : chip_(std::move(chip)),
      attribute_(std::move(attribute)),
      number_(chip_.folder / attribute_) {}

std::optional<std::int64_t> HwmonNumber::read() noexcept {
  const auto value = number_.read();
  const bool gone = error() == ENODEV || error() == ENOENT || error() == ENXIO;
  if (value || !gone || !find_again()) {
    return value;
  }
  return number_.read();
}

/// The folder is the device's own and not the link in /sys/class/hwmon: a number that was given to
/// another chip meanwhile is not there.
bool HwmonNumber::find_again() noexcept {
  try {
    for (HwmonDevice& chip : hwmon_devices_of(chip_.device)) {
      if (chip.name == chip_.name && chip.folder != chip_.folder) {
        chip_ = std::move(chip);
        number_ = SysfsNumber(chip_.folder / attribute_);
        return true;
      }
    }
  } catch (const std::exception&) {
    // Out of memory: the reading has failed, the next one may not.
  }
  return false;
}

}  // namespace gradwatt
