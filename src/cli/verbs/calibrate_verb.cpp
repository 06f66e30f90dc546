#include "base/error.h"
#include "cli/catalog.h"
#include "cli/measuring_flags.h"
#include "measure/calibration.h"
#include "record/store.h"
#include "record/wall_calibration.h"
#include "report/calibration_report.h"
#include "supervise/calibrate_machine.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace gradwatt {
namespace {

constexpr int kNotFound = 1;

struct CalibrateFlags {
  std::string idle;
  std::string load;
  std::string gpu_context;
  std::string meter;
  std::vector<std::string> runs;
  std::string store;
  bool list = false;
  bool json = false;
  bool force = false;
  MeasuringFlags measuring;

  [[nodiscard]] bool wants_machine() const {
    return meter.empty() || !idle.empty() || !load.empty() || !gpu_context.empty();
  }
};

void tell(const std::string& text) { fmt::print(stderr, "gradwatt: {}\n", text); }

void measure_machine(const CalibrateFlags& flags, const Store& store, Calibration& calibration) {
  const SystemClock clock;
  CalibrateOptions options;
  options.machine = flags.measuring.machine();
  options.machine.clock = &clock;
  if (!flags.idle.empty()) {
    options.idle = duration_flag(flags.idle, "--idle");
    if (options.idle < std::chrono::seconds(6) || options.idle > std::chrono::hours(1)) {
      throw UsageError(
          fmt::format("'{}' is out of range", flags.idle), "--idle", "choose 6s to 1h");
    }
  }
  options.cover = flags.measuring.cover();
  options.host = sensor_hosts(store.root());
  options.load = flags.load;
  options.gpu_context = flags.gpu_context;
  options.even_if_busy = flags.force;
  options.tell = tell;
  const CalibrateResult result = calibrate_machine(options);
  for (const std::string& warning : result.warnings) {
    tell(warning);
  }
  for (const CalibratedChannel& channel : result.channels) {
    const std::string name = channel.info.channel;
    if (!channel.idle) {
      tell(name + ": no idle power, it could not be read long enough");
    }
    if (channel.info.method != "model" && !channel.refresh.shortest) {
      tell(name + ": no update period, " + channel.refresh.why_not);
    }
    if (!flags.load.empty() && channel.info.method == "power" && !channel.window.found) {
      tell(name + ": no window, " + channel.window.why_not);
    }
  }
  note_result(calibration, result, clock.wall());
}

void fit_meter(const CalibrateFlags& flags, const Store& store, Calibration& calibration) {
  std::vector<StoredRun> runs;
  for (const std::string& run : flags.runs) {
    runs.push_back(store.find(run));
  }
  if (runs.empty()) {
    runs.push_back(store.find("@last"));
  }
  WallCalibration result = calibrate_wall(std::move(runs), read_power_table(flags.meter));
  for (const std::string& left_out : result.left_out) {
    tell("left out " + left_out);
  }
  if (!result.fit) {
    throw Error(result.why_not, flags.meter);
  }
  result.fit->found_at = SystemClock().wall();
  tell(fmt::format("fitted over {} runs, {:.0f} s: clocks {:+.2f} s apart, correlation {:.3f}",
                   result.runs,
                   result.fit->duration_s,
                   result.alignment->offset_s,
                   result.alignment->correlation));
  calibration.wall = std::move(result.fit);
}

CalibrationView view_of(const Calibration& calibration) {
  CalibrationView view;
  for (const auto& [key, idle] : calibration.idle) {
    view.channels[key].idle = idle;
  }
  for (const auto& [key, facts] : calibration.sensors) {
    view.channels[key].refresh = facts.refresh;
    view.channels[key].window = facts.window;
    view.channels[key].lag = facts.lag;
  }
  view.wall = calibration.wall;
  return view;
}

int calibrate(const CalibrateFlags& flags) {
  const Store store(flags.store.empty() ? Store::default_root()
                                        : std::filesystem::path(flags.store));
  const auto file = store.root() / "calibration.json";
  Calibration calibration = Calibration::load(file);
  if (!flags.list) {
    store.prepare();
    if (flags.wants_machine()) {
      measure_machine(flags, store, calibration);
    }
    if (!flags.meter.empty()) {
      fit_meter(flags, store, calibration);
    }
    calibration.save(file);
  }
  const CalibrationView view = view_of(calibration);
  fmt::print("{}", flags.json ? calibration_to_json(view) : calibration_text(view));
  return view.channels.empty() && !view.wall ? kNotFound : 0;
}

std::function<int()> declare(CLI::App& app, const VerbContext&) {
  auto flags = std::make_shared<CalibrateFlags>();
  app.add_option("--idle", flags->idle, "How long to measure the idle machine [30s]");
  app.add_option("--load", flags->load, "Shell command that makes steady load: finds windows");
  app.add_option(
      "--gpu-context", flags->gpu_context, "Shell command that holds a GPU context without work");
  app.add_option("--meter", flags->meter, "CSV of a meter at the wall: t_s,power_w");
  app.add_option("--runs", flags->runs, "Runs that the meter watched, an idle one too [@last]");
  app.add_flag("--list", flags->list, "Only show what is known");
  app.add_flag("--json", flags->json, "As JSON");
  app.add_flag("--force", flags->force, "Even if the machine is not idle");
  app.add_option("--store", flags->store, "Folder of the store");
  flags->measuring.declare(app);
  return [flags] { return calibrate(*flags); };
}

}  // namespace

Verb calibrate_verb() {
  return {"calibrate", "Measure the idle machine, its sensors' timing and a meter's line", declare};
}

}  // namespace gradwatt
