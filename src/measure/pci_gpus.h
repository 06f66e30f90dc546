#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gradwatt {

/// A graphics or compute card on the PCI bus, as the kernel lists it.
struct PciGpu {
  std::string address;     ///< "0000:01:00.0"
  bool suspended = false;  ///< Switched off until somebody uses it (runtime power management).
};

/// The cards of one maker below `sysroot`, by address, without waking any. `vendor`: "0x10de".
[[nodiscard]] std::vector<PciGpu> pci_gpus(const std::filesystem::path& sysroot,
                                           const std::string& vendor);

}  // namespace gradwatt
