#pragma once

#include "measure/hwmon_power.h"
#include "units/instant.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradwatt {

/// One supply rail with a Texas Instruments power monitor (INA3221 and the like) on it.
struct MonitoredRail {
  std::string label;   ///< As the board's maker calls it: "VDD_GPU_SOC".
  std::string device;  ///< The chip's place on its bus: "1-0040".
  HwmonSensor sensor;
  Duration refresh{};  ///< A whole round of the chip over its channels.
  Duration window{};   ///< The part of the round in which it looks at this rail.
};

/// The rails below `sysroot` that are connected and switched on: those of the drivers in hwmon
/// (JetPack 5 and later, and other boards), and those of NVIDIA's own driver in iio (JetPack 4).
///
/// Left out are channels labelled NC, disabled ones, and the sum of an INA3221's shunt voltages,
/// which is a voltage without a meaning where the shunts differ.
[[nodiscard]] std::vector<MonitoredRail> monitored_rails(const std::filesystem::path& sysroot);

}  // namespace gradwatt
