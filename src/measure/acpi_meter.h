#pragma once

#include "measure/hwmon.h"
#include "units/instant.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// A power meter that the firmware offers through ACPI, as the kernel's driver acpi_power_meter
/// shows it in hwmon. Up to Linux 6.x its attributes are in the device's folder, hwmonN/device, and
/// not in hwmonN itself; both are looked at.
struct AcpiMeter {
  HwmonDevice chip;
  std::string power;     ///< Attribute with the power in microwatts.
  std::string oem_info;  ///< What its maker says it measures; empty: nothing.
  /// Over which time the firmware averages; nullopt: it does not say. What it gives for "unknown"
  /// (0, or all ones: 50 days) is no time.
  std::optional<Duration> interval;
  std::optional<double> accuracy;  ///< 0.95 for a meter that calls itself 95 % accurate.
  bool is_battery = false;
};

/// All of them below `sysroot`, by device.
[[nodiscard]] std::vector<AcpiMeter> acpi_meters(const std::filesystem::path& sysroot);

/// Which part of an NVIDIA Grace a meter is for: "Module Power Socket 0" and the like.
/// Source: NVIDIA Grace Performance Tuning Guide, "Power and Thermals".
struct GraceDomain {
  enum class Part { module, grace, cpu, sysio };
  Part part = Part::module;
  int socket = 0;
};
/// nullopt: `oem_info` is not of a Grace.
/// Example: "SysIO Power Socket 1" is {sysio, 1}.
[[nodiscard]] std::optional<GraceDomain> grace_domain(const std::string& oem_info);

}  // namespace gradwatt
