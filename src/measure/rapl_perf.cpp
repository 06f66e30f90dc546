#include "measure/rapl_perf.h"

#include "base/file.h"
#include "measure/metered.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

struct EventName {
  const char* name;
  RaplPart part;
};
constexpr std::array kEvents{EventName{"energy-pkg", RaplPart::package},
                             EventName{"energy-ram", RaplPart::dram},
                             EventName{"energy-cores", RaplPart::core},
                             EventName{"energy-gpu", RaplPart::uncore},
                             EventName{"energy-psys", RaplPart::psys}};

template <typename Number>
std::optional<Number> number_in(std::string_view text, int base = 10) {
  Number value{};
  std::from_chars_result result{};
  if constexpr (std::is_floating_point_v<Number>) {
    result = std::from_chars(text.data(), text.data() + text.size(), value);
  } else {
    result = std::from_chars(text.data(), text.data() + text.size(), value, base);
  }
  return result.ec == std::errc{} && result.ptr == text.data() + text.size() ? std::optional(value)
                                                                             : std::nullopt;
}

template <typename Number>
std::optional<Number> number_of(const fs::path& file) {
  const auto text = read_text(file);
  return text ? number_in<Number>(trimmed(*text)) : std::nullopt;
}

/// "event=0x02" is 2; other terms are not understood.
std::optional<std::uint64_t> config_of(const fs::path& file) {
  const auto text = read_text(file);
  const std::string_view term = text ? trimmed(*text) : std::string_view{};
  return term.starts_with("event=0x") ? number_in<std::uint64_t>(term.substr(8), 16) : std::nullopt;
}

struct Place {
  int cpu = 0;
  int package = 0;
  std::optional<int> die;
};

/// One CPU for each package or die.
std::vector<Place> places_of(const fs::path& sysroot, const std::vector<int>& cpus, bool is_amd) {
  std::vector<Place> places;
  for (const int cpu : cpus) {
    const fs::path topology =
        sysroot / "sys/devices/system/cpu" / fmt::format("cpu{}", cpu) / "topology";
    const auto package = number_of<int>(topology / "physical_package_id");
    if (!package) {
      continue;
    }
    const auto is_same = [&](const Place& place) { return place.package == *package; };
    if (is_amd && std::any_of(places.begin(), places.end(), is_same)) {
      continue;
    }
    places.push_back({cpu, *package, number_of<int>(topology / "die_id")});
  }
  // Dies are named only where a package has several, as in powercap.
  for (Place& place : places) {
    const auto dies = std::count_if(places.begin(), places.end(), [&](const Place& other) {
      return other.package == place.package;
    });
    if (dies < 2) {
      place.die.reset();
    }
  }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return std::pair(a.package, a.die) < std::pair(b.package, b.die);
  });
  return places;
}

void add_events(const fs::path& folder, const std::vector<Place>& places, PowerUnit& unit) {
  std::vector<PowerEvent> kinds;
  for (const auto& [name, part] : kEvents) {
    std::error_code error;
    if (!fs::exists(folder / name, error)) {
      continue;
    }
    const auto config = config_of(folder / name);
    const auto scale = number_of<double>(folder / (std::string(name) + ".scale"));
    const auto joules = read_text(folder / (std::string(name) + ".unit"));
    if (!config || !scale || *scale <= 0 || !joules || trimmed(*joules) != "Joules") {
      unit.unknown.push_back(fmt::format("{}: its event, scale or unit is not understood", name));
      continue;
    }
    kinds.push_back({{part}, name, 0, *config, *scale});
  }
  for (const Place& place : places) {
    for (PowerEvent event : kinds) {
      event.domain.package = place.package;
      // The platform has no dies; every one of them would show the same counter.
      event.domain.die = event.domain.part == RaplPart::psys ? std::nullopt : place.die;
      event.cpu = place.cpu;
      unit.events.push_back(std::move(event));
    }
  }
}

}  // namespace

std::vector<int> cpus_of(std::string_view list) {
  std::vector<int> cpus;
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(item.size() + 1, list.size()));
    const auto first = number_in<int>(item.substr(0, item.find('-')));
    const auto dash = item.find('-');
    const auto last =
        dash == std::string_view::npos ? first : number_in<int>(item.substr(dash + 1));
    constexpr int kMost = 1 << 16;
    if (!first || !last || *first < 0 || *last < *first || *last > kMost) {
      return {};
    }
    for (int cpu = *first; cpu <= *last; ++cpu) {
      cpus.push_back(cpu);
    }
  }
  return cpus;
}

std::optional<PowerUnit> find_power_unit(const fs::path& sysroot, bool is_amd) {
  const fs::path folder = sysroot / "sys/bus/event_source/devices/power";
  const auto type = number_of<std::uint32_t>(folder / "type");
  if (!type) {
    return std::nullopt;
  }
  PowerUnit unit{*type, {}, {}};
  const auto mask = read_text(folder / "cpumask");
  add_events(
      folder / "events", places_of(sysroot, cpus_of(trimmed(mask.value_or(""))), is_amd), unit);
  return unit;
}

int RaplPerf::add(const PowerUnit& unit,
                  const PowerEvent& event,
                  ChannelInfo info,
                  double unit_uj) {
  const bool begins = groups_.empty() || groups_.back().cpu != event.cpu;
  const int leader = begins ? -1 : groups_.back().events.front().get();
  PerfEvents::Opened opened = events_.open(unit.type, event.config, event.cpu, leader);
  if (!opened.fd) {
    return opened.errno_value;
  }
  if (begins) {
    groups_.push_back({event.cpu, infos_.size(), {}, {0}});
  }
  Group& group = groups_.back();
  group.events.push_back(std::move(opened.fd));
  group.block.push_back(0);
  CounterLimits limits{{}, kRaplPlausibleMax, kRaplPowerMax, kRaplRefresh};
  limits.modulus = Energy{std::llround(unit_uj * static_cast<double>(kRaplSteps))};
  limits.sure_rise = Energy{limits.modulus->microjoules / 2};
  infos_.push_back(std::move(info));
  counters_.push_back({event.joules_per_count, CounterMeter(limits)});
  return 0;
}

void RaplPerf::read(std::span<ChannelReading> readings) noexcept {
  for (Group& group : groups_) {
    int error = events_.read(group.events.front().get(), group.block);
    if (error == 0 && group.block.front() != group.events.size()) {
      error = EIO;
    }
    const Instant now = clock_.now();
    for (std::size_t i = 0; i < group.events.size(); ++i) {
      ChannelReading& reading = readings[group.first + i];
      if (error != 0) {
        reading = ReadFailure{"unreadable", error};
        continue;
      }
      Counter& counter = counters_[group.first + i];
      // A difference folded wrongly can make the sum negative.
      const auto count = static_cast<double>(static_cast<std::int64_t>(group.block[i + 1]));
      reading = metered(counter.meter, now, Energy::from_joules(count * counter.joules_per_count));
    }
  }
}

void RaplPerf::forget_last() noexcept {
  for (Counter& counter : counters_) {
    counter.meter.forget_last();
  }
}

}  // namespace gradwatt
