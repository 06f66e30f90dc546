#pragma once

#include "measure/fake_tree_test.h"

#include <filesystem>
#include <map>
#include <string>

namespace gradwatt {

/// Files of a device by their path relative to its folder.
using DeviceFiles = std::map<std::string, std::string>;

/// A chip as the kernel lays it out: DEVICE/hwmon/hwmonN with a link `device` back, and a link to
/// it in /sys/class/hwmon. `device` is a path below the root, such as "sys/devices/LNXSYSTM:00/x".
inline void add_hwmon(FakeTree& tree,
                      const std::string& device,
                      int number,
                      const DeviceFiles& files) {
  namespace fs = std::filesystem;
  const std::string chip = "hwmon" + std::to_string(number);
  const std::string folder = device + "/hwmon/" + chip;
  for (const auto& [name, text] : files) {
    tree.file(folder + "/" + name, text + "\n");
  }
  fs::create_directories(tree.root() / folder);
  fs::create_directories(tree.root() / "sys/class/hwmon");
  fs::create_directory_symlink("../..", tree.root() / folder / "device");
  fs::create_directory_symlink(fs::path("../../..") / folder,
                               tree.root() / "sys/class/hwmon" / chip);
}

inline void remove_hwmon(FakeTree& tree, const std::string& device, int number) {
  const std::string chip = "hwmon" + std::to_string(number);
  tree.remove("sys/class/hwmon/" + chip);
  tree.remove(device + "/hwmon/" + chip);
}

/// /sys/bus/i2c/drivers/DRIVER/ADDRESS, a link to the device.
inline void bind_i2c(FakeTree& tree,
                     const std::string& driver,
                     const std::string& address,
                     const std::string& device) {
  namespace fs = std::filesystem;
  const fs::path folder = tree.root() / "sys/bus/i2c/drivers" / driver;
  fs::create_directories(folder);
  fs::create_directories(tree.root() / device);
  fs::create_directory_symlink(fs::path("../../../../..") / device, folder / address);
}

}  // namespace gradwatt
