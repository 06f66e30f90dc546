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

std::filesystem::path sysroot() {
  const char* root = std::getenv("GRADWATT_SYSROOT");
  return root != nullptr && *root != '\0' ? root : "/";
}

Duration duration_flag(std::string_view text, std::string_view flag) {
  const auto time = parse_duration(text);
  if (!time) {
    throw UsageError(fmt::format("'{}' is no duration", text), flag, "write 100ms, 2s or 1.5min");
  }
  return *time;
}

}  // namespace gradwatt
