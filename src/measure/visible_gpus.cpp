#include "measure/visible_gpus.h"

#include "base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <string_view>

namespace gradwatt {
namespace {

using Names = std::vector<std::string_view>;

Names entries_of(std::string_view list) {
  Names entries;
  while (true) {
    const std::size_t comma = list.find(',');
    entries.push_back(trimmed(list.substr(0, comma)));
    if (comma == std::string_view::npos) {
      return entries;
    }
    list.remove_prefix(comma + 1);
  }
}

/// The places of `gpus` in the order of their PCI addresses: "00000000:3B:00.0".
std::vector<std::size_t> in_order_of_bus(std::span<const GpuIdentity> gpus) {
  std::vector<std::size_t> order(gpus.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return gpus[a].pci_address < gpus[b].pci_address;
  });
  return order;
}

std::optional<std::size_t> by_index(std::string_view entry, const std::vector<std::size_t>& order) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(entry.data(), entry.data() + entry.size(), index);
  return error == std::errc{} && end != entry.data() && index < order.size()
             ? std::optional(order[index])
             : std::nullopt;
}

/// The one GPU whose UUID begins with `entry`.
std::optional<std::size_t> by_uuid(std::string_view entry, std::span<const GpuIdentity> gpus) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < gpus.size(); ++i) {
    if (gpus[i].uuid.starts_with(entry)) {
      if (found) {
        return std::nullopt;
      }
      found = i;
    }
  }
  return found;
}

/// The GPU with the slice `entry`: "MIG-<uuid>" or, before driver 470,
/// "MIG-<uuid of the GPU>/<GPU instance>/<compute instance>".
std::optional<std::size_t> by_slice(std::string_view entry, std::span<const GpuIdentity> gpus) {
  constexpr std::string_view kPrefix = "MIG-";
  const std::string_view rest = entry.substr(kPrefix.size());
  if (rest.starts_with("GPU-")) {
    return by_uuid(rest.substr(0, rest.find('/')), gpus);
  }
  std::optional<std::size_t> found;
  int matches = 0;
  for (std::size_t i = 0; i < gpus.size(); ++i) {
    for (const std::string& slice : gpus[i].mig_uuids) {
      if (slice.starts_with(entry)) {
        found = i;
        ++matches;
      }
    }
  }
  return matches == 1 ? found : std::nullopt;
}

bool of_one_kind(std::span<const GpuIdentity> gpus) {
  return std::all_of(
      gpus.begin(), gpus.end(), [&](const auto& gpu) { return gpu.name == gpus.front().name; });
}

}  // namespace

VisibleGpus visible_gpus(std::span<const GpuIdentity> gpus,
                         const std::optional<std::string>& list,
                         bool in_pci_order) {
  VisibleGpus result{std::vector<bool>(gpus.size(), !list), "", true};
  if (!list) {
    return result;
  }
  const Names entries = entries_of(*list);
  const bool uuids = entries.front().starts_with("GPU-");
  const bool slices = entries.front().starts_with("MIG-");
  const auto order = in_order_of_bus(gpus);
  Names seen;
  for (const std::string_view entry : entries) {
    std::optional<std::size_t> gpu;
    if (uuids) {
      gpu = entry.starts_with("GPU-") ? by_uuid(entry, gpus) : std::nullopt;
    } else if (slices) {
      gpu = entry.starts_with("MIG-") ? by_slice(entry, gpus) : std::nullopt;
    } else {
      gpu = by_index(entry, order);
    }
    if (!gpu) {
      break;
    }
    // Two slices of one GPU are two devices; anything else named twice is an error to CUDA.
    if (std::count(seen.begin(), seen.end(), entry) > 0 || (!slices && result.visible[*gpu])) {
      result.visible.assign(gpus.size(), false);
      break;
    }
    seen.push_back(entry);
    result.visible[*gpu] = true;
  }
  const char* kind = uuids ? "UUIDs" : slices ? "MIG names" : "indices in PCI bus order";
  result.rule = fmt::format("CUDA_VISIBLE_DEVICES={} read as {}", *list, kind);
  const bool some_but_not_all =
      std::find(result.visible.begin(), result.visible.end(), true) != result.visible.end() &&
      std::find(result.visible.begin(), result.visible.end(), false) != result.visible.end();
  result.order_is_sure = uuids || slices || in_pci_order || !some_but_not_all || of_one_kind(gpus);
  return result;
}

}  // namespace gradwatt
