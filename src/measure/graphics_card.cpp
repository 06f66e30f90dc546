#include "measure/graphics_card.h"

#include "base/file.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  return std::string(trimmed(read_text(file).value_or("")));
}

/// N of "cardN"; nullopt for connectors ("card0-DP-1") and everything else.
std::optional<int> card_number(const std::string& name) {
  int number = 0;
  if (!name.starts_with("card")) {
    return std::nullopt;
  }
  const auto [end, error] = std::from_chars(name.data() + 4, name.data() + name.size(), number);
  return error == std::errc() && end == name.data() + name.size() ? std::optional(number)
                                                                  : std::nullopt;
}

bool is_asleep(const fs::path& device) {
  return text_of(device / "power/runtime_status") == "suspended";
}

}  // namespace

std::vector<GraphicsCard> graphics_cards(const fs::path& sysroot) {
  std::vector<std::pair<int, fs::path>> numbered;
  std::error_code error;
  for (fs::directory_iterator entry(sysroot / "sys/class/drm", error), end; !error && entry != end;
       entry.increment(error)) {
    if (const auto number = card_number(entry->path().filename().string())) {
      numbered.emplace_back(*number, entry->path());
    }
  }
  std::sort(numbered.begin(), numbered.end());
  std::vector<GraphicsCard> cards;
  for (const auto& [number, folder] : numbered) {
    const fs::path device = fs::canonical(folder / "device", error);
    const bool known = std::any_of(
        cards.begin(), cards.end(), [&](const auto& card) { return card.device == device; });
    if (!error && !known) {
      cards.push_back({device,
                       device.filename().string(),
                       text_of(device / "vendor"),
                       text_of(device / "device"),
                       is_asleep(device)});
    }
  }
  return cards;
}

std::vector<PciGpu> pci_gpus(const fs::path& sysroot, const std::string& vendor) {
  std::vector<PciGpu> gpus;
  std::error_code error;
  for (fs::directory_iterator entry(sysroot / "sys/bus/pci/devices", error), end;
       !error && entry != end;
       entry.increment(error)) {
    // Display controllers (03), cards without an output included, and processing accelerators (12):
    // some compute cards are the latter.
    const std::string kind = text_of(entry->path() / "class");
    if ((kind.starts_with("0x03") || kind.starts_with("0x12")) &&
        text_of(entry->path() / "vendor") == vendor) {
      gpus.push_back({entry->path().filename().string(), is_asleep(entry->path())});
    }
  }
  std::sort(gpus.begin(), gpus.end(), [](const PciGpu& a, const PciGpu& b) {
    return a.address < b.address;
  });
  return gpus;
}

std::string gpu_channel_prefix(const fs::path& sysroot, const std::string& vendor) {
  const auto has = [&](const char* maker) { return !pci_gpus(sysroot, maker).empty(); };
  if (vendor == kNvidia) {
    return "gpu";
  }
  if (vendor == kAmd) {
    return has(kNvidia) ? "amd-gpu" : "gpu";
  }
  return has(kNvidia) || has(kAmd) ? "intel-gpu" : "gpu";
}

}  // namespace gradwatt
