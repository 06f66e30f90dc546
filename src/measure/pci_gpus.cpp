#include "measure/pci_gpus.h"

#include "base/file.h"

#include <algorithm>
#include <system_error>

namespace gradwatt {

std::vector<PciGpu> pci_gpus(const std::filesystem::path& sysroot, const std::string& vendor) {
  std::vector<PciGpu> gpus;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(sysroot / "sys/bus/pci/devices", error)) {
    const auto says = [&](const char* file) {
      return std::string(trimmed(read_text(entry.path() / file).value_or("")));
    };
    // 0x03: display controllers, cards without an output included.
    if (says("vendor") == vendor && says("class").starts_with("0x03")) {
      gpus.push_back(
          {entry.path().filename().string(), says("power/runtime_status") == "suspended"});
    }
  }
  std::sort(gpus.begin(), gpus.end(), [](const PciGpu& a, const PciGpu& b) {
    return a.address < b.address;
  });
  return gpus;
}

}  // namespace gradwatt
