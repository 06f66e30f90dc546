#include "measure/rapl_powercap.h"

#include "base/file.h"
#include "measure/sysfs_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMsr = "intel-rapl:";
constexpr std::string_view kMemoryMapped = "intel-rapl-mmio:";

/// How many numbers a zone's id has: 1 for "intel-rapl:0", 2 for "intel-rapl:0:1". 0 for what is
/// no zone, such as the control type "intel-rapl" itself or "intel-rapl:a".
int depth_of(std::string_view id) {
  for (const std::string_view prefix : {kMsr, kMemoryMapped}) {
    if (!id.starts_with(prefix)) {
      continue;
    }
    const std::string_view numbers = id.substr(prefix.size());
    const bool plain = numbers.find_first_not_of("0123456789:") == std::string_view::npos;
    const bool whole = !numbers.empty() && numbers.front() != ':' && numbers.back() != ':';
    const auto colons = std::count(numbers.begin(), numbers.end(), ':');
    return plain && whole && colons <= 1 ? static_cast<int>(colons) + 1 : 0;
  }
  return 0;
}

std::vector<std::string> zone_ids(const fs::path& powercap) {
  std::vector<std::string> ids;
  std::error_code error;
  for (fs::directory_iterator entry(powercap, error), end; !error && entry != end;
       entry.increment(error)) {
    if (depth_of(entry->path().filename().string()) > 0) {
      ids.push_back(entry->path().filename().string());
    }
  }
  // "intel-rapl:" sorts behind "intel-rapl-mmio:"; what comes first is kept.
  std::sort(ids.begin(), ids.end(), [](const std::string& a, const std::string& b) {
    return std::pair(a.starts_with(kMemoryMapped), a) < std::pair(b.starts_with(kMemoryMapped), b);
  });
  return ids;
}

}  // namespace

PowercapZones find_powercap_zones(const fs::path& sysroot, bool is_amd) {
  const fs::path powercap = sysroot / "sys/class/powercap";
  std::error_code error;
  PowercapZones found;
  found.exists = fs::exists(powercap, error);
  for (const std::string& id : zone_ids(powercap)) {
    const auto name = read_text(powercap / id / "name");
    if (!name) {
      continue;  // It is going away.
    }
    std::optional<RaplDomain> domain;
    if (depth_of(id) == 1) {
      domain = domain_of_zone(trimmed(*name));
    } else {
      const auto parent = read_text(powercap / id.substr(0, id.rfind(':')) / "name");
      const auto package = parent ? domain_of_zone(trimmed(*parent)) : std::nullopt;
      domain = package ? domain_of_part(trimmed(*name), *package) : std::nullopt;
    }
    if (!domain) {
      found.unknown.push_back(fmt::format("{} ({})", id, trimmed(*name)));
      continue;
    }
    if (is_amd) {
      domain->die.reset();
    }
    const bool known =
        std::any_of(found.zones.begin(), found.zones.end(), [&](const PowercapZone& zone) {
          return overlap(zone.domain, *domain);
        });
    if (!known) {
      found.zones.push_back({powercap / id, id, *domain});
    }
  }
  return found;
}

std::optional<std::int64_t> powercap_range(const PowercapZone& zone) {
  // No counter's unit is a kilojoule: such a range is none.
  constexpr std::int64_t kSenseless = kRaplSteps * 1'000'000'000;
  const auto greatest = SysfsNumber(zone.folder / "max_energy_range_uj").read();
  return greatest && *greatest > 0 && *greatest < kSenseless ? greatest : std::nullopt;
}

CounterLimits powercap_limits(std::optional<std::int64_t> range) {
  CounterLimits limits{{}, kRaplPlausibleMax, kRaplPowerMax, kRaplRefresh};
  if (range) {
    // The counter starts again one unit behind its greatest value.
    limits.modulus = Energy{*range + std::max<std::int64_t>(1, *range / (kRaplSteps - 1))};
  }
  return limits;
}

}  // namespace gradwatt
