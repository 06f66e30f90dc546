#include "base/error.h"
#include "cli/catalog.h"
#include "cli/measuring_flags.h"
#include "measure/sensor_server.h"
#include "measure/sources/catalog.h"
#include "units/clock.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <unistd.h>

namespace gradwatt {
namespace {

struct HostFlags {
  std::string family;
  std::string interval;
  std::string store;
};

/// Orders come through standard input, readings go to standard output.
int serve(const HostFlags& flags) {
  const auto families = source_families();
  const auto found = std::find_if(families.begin(), families.end(), [&](const SourceFamily& each) {
    return each.name == flags.family;
  });
  if (found == families.end()) {
    throw UsageError(fmt::format("no family of sensors '{}'", flags.family),
                     "",
                     "gradwatt run starts this by itself");
  }
  const SystemClock clock;
  Machine machine = machine_of_environment();
  machine.clock = &clock;
  machine.calibration = calibration_of(flags.store);
  std::optional<Duration> interval;
  if (!flags.interval.empty()) {
    interval = duration_flag(flags.interval, "--interval");
  }
  return serve_sensors(*found, machine, interval, STDIN_FILENO, STDOUT_FILENO);
}

std::function<int()> declare(CLI::App& app, const VerbContext&) {
  auto flags = std::make_shared<HostFlags>();
  app.add_option("family", flags->family, "The sensors to read")->required();
  app.add_option("--interval", flags->interval, "Time between readings");
  app.add_option("--store", flags->store, "The store with this machine's calibration")->required();
  return [flags] { return serve(*flags); };
}

}  // namespace

Verb sensor_host_verb() {
  return {"sensor-host", "Reads sensors whose driver may hang, for gradwatt run", declare, true};
}

}  // namespace gradwatt
