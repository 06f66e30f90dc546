#include "measure/acpi_meter.h"

#include "base/file.h"

#include <array>
#include <charconv>
#include <string_view>

namespace gradwatt {
namespace {

/// Longer than any meter averages: the firmware's way to say that it does not know.
constexpr std::int64_t kUnknownIntervalMs = 3'600'000;

std::optional<std::int64_t> number_of(const HwmonDevice& chip, const std::string& attribute) {
  return SysfsNumber(chip.folder / attribute).read();
}

/// "95.0%" -> 0.95.
std::optional<double> accuracy_of(const HwmonDevice& chip, const std::string& attribute) {
  const auto text = hwmon_text(chip, attribute);
  double percent = 0;
  if (!text ||
      std::from_chars(text->data(), text->data() + text->size(), percent).ec != std::errc{} ||
      percent <= 0 || percent > 100) {
    return std::nullopt;
  }
  return percent / 100;
}

AcpiMeter describe(const HwmonDevice& chip, const std::string& prefix) {
  AcpiMeter meter{chip, prefix + "average", "", {}, {}, false};
  meter.oem_info = hwmon_text(chip, prefix + "oem_info").value_or("");
  const auto interval_ms = number_of(chip, prefix + "average_interval");
  if (interval_ms && *interval_ms > 0 && *interval_ms < kUnknownIntervalMs) {
    meter.interval = std::chrono::milliseconds(*interval_ms);
  }
  meter.accuracy = accuracy_of(chip, prefix + "accuracy");
  meter.is_battery = number_of(chip, prefix + "is_battery") == 1;
  return meter;
}

bool is_power_meter(const HwmonDevice& chip) {
  return chip.name == "power_meter" || chip.name == "acpi_power_meter";
}

}  // namespace

std::vector<AcpiMeter> acpi_meters(const std::filesystem::path& sysroot) {
  std::vector<AcpiMeter> meters;
  for (const HwmonDevice& chip : hwmon_devices(sysroot)) {
    for (const char* folder : {"", "device/"}) {
      const std::string prefix = std::string(folder) + "power1_";
      std::error_code error;
      if (!std::filesystem::exists(chip.folder / (prefix + "average"), error)) {
        continue;
      }
      AcpiMeter meter = describe(chip, prefix);
      // A Grace is known by its text alone; other chips have a power1_average too, GPUs for one.
      if (is_power_meter(chip) || grace_domain(meter.oem_info)) {
        meters.push_back(std::move(meter));
      }
      break;
    }
  }
  return meters;
}

std::optional<GraceDomain> grace_domain(const std::string& oem_info) {
  using Part = GraceDomain::Part;
  struct Name {
    std::string_view text;
    Part part;
  };
  static constexpr std::array kNames{Name{"Module Power Socket ", Part::module},
                                     Name{"Grace Power Socket ", Part::grace},
                                     Name{"CPU Power Socket ", Part::cpu},
                                     Name{"SysIO Power Socket ", Part::sysio}};
  for (const Name& name : kNames) {
    if (!oem_info.starts_with(name.text)) {
      continue;
    }
    const std::string_view digits = std::string_view(oem_info).substr(name.text.size());
    int socket = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), socket);
    if (error == std::errc{} && end == digits.data() + digits.size() && socket >= 0) {
      return GraceDomain{name.part, socket};
    }
  }
  return std::nullopt;
}

}  // namespace gradwatt
