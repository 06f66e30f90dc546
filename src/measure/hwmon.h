#pragma once

#include "measure/sysfs_number.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// A chip of the kernel's hardware monitoring: the folder hwmonN of a device.
///
/// N says nothing: it is given away in the order in which drivers load, and a driver that is loaded
/// again gets another one. What stays the same is the device's own path and the chip's name.
struct HwmonDevice {
  std::filesystem::path device;  ///< Where the device is, without symbolic links: its identity.
  std::string name;              ///< "ina3221", "amdgpu", ...; empty: it has none.
  std::filesystem::path folder;  ///< hwmonN, now.

  auto operator<=>(const HwmonDevice&) const = default;
};

/// All chips in /sys/class/hwmon below `sysroot`, by device.
[[nodiscard]] std::vector<HwmonDevice> hwmon_devices(const std::filesystem::path& sysroot);

/// The chips of one device: those in its folder hwmon. `device` may be a link to it, such as
/// /sys/bus/i2c/drivers/ina3221/1-0040 or /sys/class/drm/card0/device.
[[nodiscard]] std::vector<HwmonDevice> hwmon_devices_of(const std::filesystem::path& device);

/// A text of a chip, without white space around it; nullopt: unreadable. `attribute` is relative
/// to hwmonN: "in1_label", "device/power1_oem_info".
[[nodiscard]] std::optional<std::string> hwmon_text(const HwmonDevice& chip,
                                                    const std::string& attribute);

/// A number of a chip, kept open. If the chip goes away and comes back under another N, it is
/// found again by its device and name; never is a number of another chip read instead.
class HwmonNumber {
 public:
  HwmonNumber(HwmonDevice chip, std::string attribute);

  /// Reads the number now. nullopt with error() set: unreadable, empty or no number.
  [[nodiscard]] std::optional<std::int64_t> read() noexcept;
  /// errno of what failed last; EINVAL for a text that is no number.
  [[nodiscard]] int error() const { return number_.error(); }
  [[nodiscard]] std::filesystem::path file() const { return chip_.folder / attribute_; }

 private:
  [[nodiscard]] bool find_again() noexcept;

  HwmonDevice chip_;
  std::string attribute_;
  SysfsNumber number_;
};

}  // namespace gradwatt
