// The power sensors of NVIDIA Grace and Grace Hopper, which the firmware offers as ACPI power
// meters. Source: NVIDIA Grace Performance Tuning Guide, "Power and Thermals".
#include "base/file.h"
#include "measure/acpi_meter.h"
#include "measure/hwmon_power.h"
#include "measure/presence.h"
#include "measure/sources/catalog.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

/// What the firmware averages over unless told otherwise; it computes a new value as often.
constexpr Duration kUsualInterval = std::chrono::milliseconds(50);

struct Domain {
  const char* name = nullptr;   ///< Of the channel, before the socket's number.
  const char* scope = nullptr;  ///< See measure/scope_cover.h.
  Power power_max;              ///< Well above the design power of any such part.
  const char* extent = nullptr;
};

Domain domain_of(GraceDomain::Part part) {
  switch (part) {
    case GraceDomain::Part::module:
      return {"module", "module", {4000}, "GPU, CPU, DRAM and regulators"};
    case GraceDomain::Part::grace:
      return {"grace", "grace", {1000}, "CPU, SysIO, DRAM and regulators"};
    case GraceDomain::Part::cpu:
      return {"grace-cpu", "cpu-package", {1000}, "the CPU's rail"};
    case GraceDomain::Part::sysio:
      break;
  }
  return {"grace-sysio", "sysio", {500}, "the rail of the rest of the chip"};
}

struct Sensor {
  AcpiMeter meter;
  GraceDomain domain;
};

std::vector<Sensor> find_sensors(const std::filesystem::path& sysroot) {
  std::vector<Sensor> sensors;
  for (const AcpiMeter& meter : acpi_meters(sysroot)) {
    if (const auto domain = grace_domain(meter.oem_info)) {
      sensors.push_back({meter, *domain});
    }
  }
  std::sort(sensors.begin(), sensors.end(), [](const Sensor& a, const Sensor& b) {
    return std::pair(a.domain.socket, a.domain.part) < std::pair(b.domain.socket, b.domain.part);
  });
  return sensors;
}

/// The widest part of each socket that has a sensor; CPU and SysIO beside each other if there is
/// none around them.
bool is_outermost(const Sensor& sensor, const std::vector<Sensor>& all) {
  using Part = GraceDomain::Part;
  return std::none_of(all.begin(), all.end(), [&](const Sensor& other) {
    return other.domain.socket == sensor.domain.socket && other.domain.part < sensor.domain.part &&
           (other.domain.part == Part::module || other.domain.part == Part::grace);
  });
}

ChannelInfo describe(const Sensor& sensor) {
  const Domain domain = domain_of(sensor.domain.part);
  ChannelInfo info{fmt::format("{}{}", domain.name, sensor.domain.socket),
                   fmt::format("socket-{}", sensor.domain.socket),
                   "grace",
                   "power",
                   domain.scope};
  info.gain_lo = info.gain_hi = 0.05;
  info.refresh = info.window = sensor.meter.interval.value_or(kUsualInterval);
  info.power_max = domain.power_max;
  info.basis = fmt::format("Grace power sensor ({}), mean over {:.3g} ms, ±5 %",
                           domain.extent,
                           seconds(info.window) * 1e3);
  return info;
}

/// NVIDIA's JEDEC number, which the firmware gives as the chip's maker.
bool is_grace(const std::filesystem::path& sysroot) {
  return read_text(sysroot / "sys/devices/soc0/soc_id").value_or("").starts_with("jep106:036b");
}

Finding absent(const std::filesystem::path& sysroot) {
  if (!is_grace(sysroot)) {
    return {"grace", Finding::Status::absent, "no NVIDIA Grace CPU's power sensors", ""};
  }
  return {"grace",
          Finding::Status::absent,
          "an NVIDIA CPU, but the kernel shows no ACPI power meters",
          "sudo modprobe acpi_power_meter force_cap_on=y (the kernel needs "
          "CONFIG_SENSORS_ACPI_POWER)"};
}

Discovery discover_grace(const Machine& machine, std::span<const std::string> measured) {
  Discovery discovery;
  const auto sensors = find_sensors(machine.sysroot);
  auto source = std::make_unique<HwmonPower>(*machine.clock);
  for (const Sensor& sensor : sensors) {
    ChannelInfo info = describe(sensor);
    const auto& known = source->channels();
    if (std::any_of(known.begin(), known.end(), [&](const auto& other) {
          return other.channel == info.channel;
        })) {
      continue;  // The same text twice is the same sensor twice.
    }
    HwmonSensor reader({sensor.meter.chip, sensor.meter.power}, 1e-6);
    if (!reader.read()) {
      discovery.findings.push_back(unreadable("grace " + info.channel, reader));
      continue;
    }
    info.in_total = measured.empty() && is_outermost(sensor, sensors);
    discovery.findings.push_back(
        {"grace " + info.channel, Finding::Status::present, info.basis, ""});
    source->add(std::move(info), std::move(reader));
  }
  if (!source->channels().empty()) {
    discovery.sources.push_back(std::move(source));
  }
  if (discovery.findings.empty()) {
    discovery.findings.push_back(absent(machine.sysroot));
  }
  return discovery;
}

bool might_be_here(const Machine& machine) { return has_chip(machine, "power_meter"); }

}  // namespace

SourceFamily grace_family() {
  return {"grace",
          "power sensors of NVIDIA Grace and Grace Hopper",
          discover_grace,
          true,
          might_be_here};
}

}  // namespace gradwatt
