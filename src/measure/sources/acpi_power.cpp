// ACPI power meters: the power of the whole machine as its firmware knows it. Source: the kernel's
// documentation of the driver acpi_power_meter; ACPI specification, "Power Meters".
#include "measure/acpi_meter.h"
#include "measure/hwmon_power.h"
#include "measure/presence.h"
#include "measure/sources/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace gradwatt {
namespace {

/// Such meters are renewed once a second at best, and asking may enter the firmware.
constexpr Duration kRefresh = std::chrono::seconds(1);
constexpr double kGain = 0.10;
/// More than a rack's node draws. Firmware without a value says 2^32 - 1 milliwatts, 4.29 MW.
constexpr Power kPowerMax{20'000};

/// Whether it says that it measures the whole system: a link to ACPI's system bus.
bool measures_system(const AcpiMeter& meter) {
  std::error_code error;
  return std::filesystem::exists(meter.chip.device / "measures/LNXSYBUS:00", error) ||
         std::filesystem::exists(meter.chip.device / "measures/LNXSYSTM:00", error);
}

ChannelInfo describe(const AcpiMeter& meter, bool is_node, int number) {
  ChannelInfo info{number == 0 ? "acpi-power" : fmt::format("acpi-power{}", number),
                   meter.chip.device.filename().string(),
                   "acpi-power",
                   "power",
                   is_node ? "node" : "rail"};
  // What the meter says of itself can only make it worse: it is what its maker promises.
  info.gain_lo = info.gain_hi = std::max(kGain, 1 - meter.accuracy.value_or(1));
  info.refresh = kRefresh;
  info.window = meter.interval.value_or(kRefresh);
  info.power_max = kPowerMax;
  info.basis =
      fmt::format("ACPI power meter, {}, ±{:.2g} %",
                  meter.interval ? fmt::format("mean over {:.3g} s", seconds(*meter.interval))
                                 : "the firmware does not say over which time it averages",
                  info.gain_hi * 100);
  return info;
}

Finding unusable(const std::string& what, const HwmonSensor& sensor, std::optional<Power> power) {
  if (power) {
    return {what,
            Finding::Status::absent,
            fmt::format("{}: the firmware gives no value", sensor.file().string()),
            "update the machine's firmware, or read its management controller (ipmi)"};
  }
  return unreadable(what, sensor);
}

std::vector<AcpiMeter> find_meters(const std::filesystem::path& sysroot,
                                   std::vector<Finding>& findings) {
  std::vector<AcpiMeter> meters = acpi_meters(sysroot);
  std::erase_if(meters, [&](const AcpiMeter& meter) {
    if (meter.is_battery) {
      findings.push_back({"acpi-power " + meter.chip.device.filename().string(),
                          Finding::Status::unused,
                          "a battery's meter",
                          ""});
    }
    return meter.is_battery || grace_domain(meter.oem_info);
  });
  return meters;
}

Finding absent(const std::filesystem::path& sysroot) {
  std::error_code error;
  if (std::filesystem::exists(sysroot / "sys/bus/acpi/devices/ACPI000D:00", error)) {
    return {"acpi-power",
            Finding::Status::absent,
            "the firmware has a power meter, but its driver is not loaded",
            "sudo modprobe acpi_power_meter"};
  }
  return {"acpi-power", Finding::Status::absent, "the firmware shows no power meter", ""};
}

Discovery discover_acpi_power(const Machine& machine, std::span<const std::string> measured) {
  Discovery discovery;
  const auto meters = find_meters(machine.sysroot, discovery.findings);
  auto source = std::make_unique<HwmonPower>(*machine.clock);
  int number = 0;
  bool has_node = false;
  for (const AcpiMeter& meter : meters) {
    const bool is_node = !has_node && (meters.size() == 1 || measures_system(meter));
    ChannelInfo info = describe(meter, is_node, number++);
    const std::string what = "acpi-power " + info.device;
    HwmonSensor sensor({meter.chip, meter.power}, 1e-6);
    const auto power = sensor.read();
    if (!power || *power > kPowerMax || *power <= Power{}) {
      discovery.findings.push_back(unusable(what, sensor, power));
      continue;
    }
    has_node = has_node || is_node;
    info.in_total = is_node && measured.empty();
    discovery.findings.push_back(
        {what,
         Finding::Status::present,
         info.basis + (is_node ? "" : "; one of several, of unknown extent: shown, not added"),
         ""});
    source->add(std::move(info), std::move(sensor));
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

SourceFamily acpi_power_family() {
  return {"acpi-power",
          "the machine's power as its firmware knows it",
          discover_acpi_power,
          true,
          might_be_here};
}

}  // namespace gradwatt
