#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gradwatt {

/// A graphics or compute card as the kernel's DRM lists it: /sys/class/drm/cardN.
struct GraphicsCard {
  std::filesystem::path device;  ///< Its device's folder, without symbolic links.
  std::string address;           ///< The last part of that: "0000:c1:00.0".
  std::string vendor;            ///< "0x1002"
  std::string model;             ///< The PCI device number: "0x740c".
  bool asleep = false;           ///< Switched off while unused; reading its sensors wakes it.
};

/// The cards below `sysroot` by N, each device once, without waking any.
[[nodiscard]] std::vector<GraphicsCard> graphics_cards(const std::filesystem::path& sysroot);

/// A card on the PCI bus, which need not have a driver.
struct PciGpu {
  std::string address;     ///< "0000:01:00.0"
  bool suspended = false;  ///< Switched off until somebody uses it (runtime power management).
};

/// The cards of one maker below `sysroot`, by address, without waking any. `vendor`: "0x10de".
[[nodiscard]] std::vector<PciGpu> pci_gpus(const std::filesystem::path& sysroot,
                                           const std::string& vendor);

/// The PCI numbers of makers, in the order in which their cards may be called "gpu<i>".
inline constexpr const char* kNvidia = "0x10de";
inline constexpr const char* kAmd = "0x1002";
inline constexpr const char* kIntel = "0x8086";

/// What the channels of one maker's cards are called: "gpu" or, where cards of a maker before it
/// are in the machine too, "<name>-gpu". So no two channels of a run have the same name.
/// Example: AMD in a machine that also has NVIDIA: "amd-gpu".
[[nodiscard]] std::string gpu_channel_prefix(const std::filesystem::path& sysroot,
                                             const std::string& vendor);

}  // namespace gradwatt
