#pragma once

#include "measure/hwmon_tree_test.h"

#include <filesystem>
#include <string>

namespace gradwatt {

/// A card as the kernel lays it out: its PCI device with class, vendor and model, the link to it in
/// /sys/bus/pci/devices, and /sys/class/drm/cardN with one.
inline void add_card(FakeTree& tree,
                     int number,
                     const std::string& address,
                     const std::string& vendor,
                     const std::string& model = "0x0001") {
  namespace fs = std::filesystem;
  const std::string device = "sys/devices/pci0000:00/" + address;
  const std::string card = "card" + std::to_string(number);
  tree.file(device + "/vendor", vendor + "\n")
      .file(device + "/device", model + "\n")
      .file(device + "/class", "0x030000\n")
      .file(device + "/power/runtime_status", "active\n")
      .file(device + "/drm/" + card + "/dev", "226:0\n");
  fs::create_directories(tree.root() / "sys/bus/pci/devices");
  fs::create_directory_symlink(fs::path("../../../..") / device,
                               tree.root() / "sys/bus/pci/devices" / address);
  fs::create_directory_symlink("../..", tree.root() / device / "drm" / card / "device");
  fs::create_directories(tree.root() / "sys/class/drm");
  fs::create_directory_symlink(fs::path("../../..") / device / "drm" / card,
                               tree.root() / "sys/class/drm" / card);
  // A connector: a folder beside the card that is none.
  tree.file("sys/class/drm/" + card + "-DP-1/status", "connected\n");
}

inline std::string device_of(const std::string& address) {
  return "sys/devices/pci0000:00/" + address;
}

}  // namespace gradwatt
