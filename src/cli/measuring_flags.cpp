#include "cli/measuring_flags.h"

#include "base/error.h"
#include "base/file.h"
#include "units/quantity_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

namespace gradwatt {
namespace {

std::optional<double> number(std::string_view text) {
  text = trimmed(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value)
                                                                  : std::nullopt;
}

}  // namespace

void MeasuringFlags::declare(CLI::App& app) {
  app.add_option("--cpu-watts",
                 cpu_watts,
                 "IDLE:FULL watts of this machine, measured with a meter: a better estimate where "
                 "the CPU has no counter");
  app.add_option("--total",
                 total,
                 "What the total is made of: components (CPUs, memory, GPUs; the default) or node, "
                 "the whole machine where a sensor measures it");
}

CoverChoice MeasuringFlags::cover() const {
  if (total.empty()) {
    return CoverChoice::components;
  }
  const auto choice = parse_cover_choice(total);
  if (!choice) {
    throw UsageError(fmt::format("'{}' is no total", total), "--total", "write components or node");
  }
  return *choice;
}

Machine MeasuringFlags::machine() const {
  Machine machine = machine_of_environment();
  machine.known_power = known_power();
  return machine;
}

std::optional<Machine::KnownPower> MeasuringFlags::known_power() const {
  if (cpu_watts.empty()) {
    return std::nullopt;
  }
  const auto colon = std::min(cpu_watts.find(':'), cpu_watts.size());
  const auto idle = number(std::string_view(cpu_watts).substr(0, colon));
  const auto full =
      number(std::string_view(cpu_watts).substr(std::min(colon + 1, cpu_watts.size())));
  if (!idle || !full || *idle < 0 || *full <= *idle || *full > 1e6) {
    throw UsageError(fmt::format("'{}' is not IDLE:FULL in watts", cpu_watts),
                     "--cpu-watts",
                     "for instance --cpu-watts 35:120, idle first");
  }
  return Machine::KnownPower{Power{*idle}, Power{*full}};
}

Machine machine_of_environment() {
  Machine machine;
  const auto set = [](auto& value, const char* variable) {
    const char* text = std::getenv(variable);
    if (text != nullptr && *text != '\0') {
      value = text;
    }
  };
  set(machine.sysroot, "GRADWATT_SYSROOT");
  set(machine.nvml_library, "GRADWATT_NVML_LIB");
  set(machine.amdsmi_library, "GRADWATT_AMDSMI_LIB");
  if (const char* gpus = std::getenv("CUDA_VISIBLE_DEVICES")) {
    machine.visible_gpus = gpus;  // Set but empty hides all GPUs.
  }
  const char* order = std::getenv("CUDA_DEVICE_ORDER");
  machine.cuda_in_pci_order = order != nullptr && std::string_view(order) == "PCI_BUS_ID";
  return machine;
}

std::shared_ptr<const Calibration> calibration_of(const std::filesystem::path& folder) {
  try {
    const auto file = folder / "calibration.json";
    std::error_code error;
    return std::filesystem::exists(file, error)
               ? std::make_shared<const Calibration>(Calibration::load(file))
               : nullptr;
  } catch (const Error& error) {
    fmt::print(stderr, "gradwatt: not used: {}\n", error.what());
    return nullptr;
  }
}

std::function<SensorHost::Options(const SourceFamily& family, std::optional<Duration> interval)>
sensor_hosts(const std::filesystem::path& folder) {
  return [folder](const SourceFamily& family, std::optional<Duration> interval) {
    static const SystemClock clock;
    SensorHost::Options options;
    options.program = "/proc/self/exe";
    options.arguments = {"sensor-host", family.name, "--store", folder.string()};
    if (interval) {
      options.arguments.insert(options.arguments.end(),
                               {"--interval", fmt::format("{}s", seconds(*interval))});
    }
    options.clock = &clock;
    return options;
  };
}

Duration duration_flag(std::string_view text, std::string_view flag) {
  const auto time = parse_duration(text);
  if (!time) {
    throw UsageError(fmt::format("'{}' is no duration", text), flag, "write 100ms, 2s or 1.5min");
  }
  return *time;
}

}  // namespace gradwatt
