#include "base/error.h"
#include "cli/catalog.h"
#include "cli/cluster_subcommand.h"
#include "plant/signal_text.h"
#include "record/account.h"
#include "simulate/stored_simulation.h"
#include "simulate/truth_demands.h"
#include "simulate/truth_table_text.h"
#include "units/quantity_text.h"
#include "units/show.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

namespace gradwatt {
namespace {

struct SimulateFlags {
  std::uint64_t seed = 1;
  std::string signal = "epochs";
  std::string sensor = "nvml-counter";
  std::string fault = "none";
  std::string duration;
  int epochs = 5;
  double power_max_w = 0;
  std::string name = "simulated";
  std::string store;
  bool truth_table = false;
  int seeds = 1000;
  bool list = false;
};

void print_names() {
  fmt::print("signals (--signal NAME, or a text as below)\n");
  for (const NamedSignal& signal : named_signals()) {
    fmt::print("  {:<18} {:<46} {}\n", signal.name, signal.text, signal.why);
  }
  fmt::print("\nsensors (--sensor NAME)\n");
  for (const SensorSpec& sensor : sensor_specs()) {
    fmt::print("  {:<18} {}\n", sensor.name, sensor.description);
  }
  fmt::print("\nfaults (--fault NAME)\n");
  for (const NamedFault& fault : named_faults()) {
    fmt::print("  {:<18} {}\n", fault.name, fault.description);
  }
}

Duration duration_of(const SimulateFlags& flags) {
  if (!flags.duration.empty()) {
    const auto duration = parse_duration(flags.duration);
    if (!duration || *duration <= Duration{}) {
      throw UsageError("not a time: " + flags.duration, "--duration", "for example 60s or 2min");
    }
    return *duration;
  }
  for (const NamedSignal& signal : named_signals()) {
    if (flags.signal == signal.name) {
      return signal.duration;
    }
  }
  return std::chrono::minutes(1);
}

void print_window(const std::string& what,
                  const TrueWindow& truth,
                  const std::optional<BoundedEnergy>& energy) {
  if (!energy) {
    fmt::print("{:<10} {:>14.6f} {:>14}\n", what, truth.joules, "not known");
    return;
  }
  const double lo = energy->lo.joules();
  const double hi = energy->hi.joules();
  const bool is_held = lo <= truth.joules + 1e-6 && truth.joules <= hi + 1e-6;
  fmt::print("{:<10} {:>14.6f} {:>14.6f} {:>14.6f} {:>14.6f}  {}\n",
             what,
             truth.joules,
             energy->energy.joules(),
             lo,
             hi,
             is_held ? "inside" : "outside");
}

int simulate_run(const SimulateFlags& flags) {
  const Signal signal = parse_signal(flags.signal);
  SimulationSetup setup;
  setup.signal = &signal;
  setup.sensor = sensor_named(flags.sensor);
  setup.seed = flags.seed;
  setup.duration = duration_of(flags);
  setup.epochs = flags.epochs;
  if (flags.power_max_w > 0) {
    setup.limits.power_max = {flags.power_max_w};
  }
  if (signal.most() > setup.limits.power_max) {
    throw UsageError(fmt::format("the signal draws up to {}", show_power(signal.most())),
                     "--power-max",
                     "a device's greatest power cannot be less than it draws");
  }
  const NamedFault& fault = fault_named(flags.fault);
  if (!(setup.sensor.is_counter ? fault.of_counters : fault.of_power_sensors)) {
    throw UsageError(fmt::format("'{}' does not happen to '{}'", fault.name, setup.sensor.name),
                     "--fault",
                     "see gradwatt simulate --list");
  }
  add_fault(setup, fault.kind);
  const SimulatedRun run = simulate(setup);
  const StoredRun stored = store_simulation(
      run,
      flags.name,
      Store(flags.store.empty() ? Store::default_root() : std::filesystem::path(flags.store)));
  const RunAccount account = account_of(stored.folder);
  fmt::print("{:<10} {:>14} {:>14} {:>14} {:>14}\n", "", "truth J", "measured J", "lo J", "hi J");
  print_window("run", run.total, account.total);
  for (std::size_t i = 0; i < run.epochs.size() && i < account.epochs.size(); ++i) {
    print_window(fmt::format("epoch {}", i), run.epochs[i], account.epochs[i].energy);
  }
  for (const GapAccount& gap : account.gaps) {
    fmt::print("gap at {}: {}\n", show_duration(gap.begin - account.begin), gap.reason);
  }
  fmt::print(stderr, "{}\n", stored.manifest.run_id);
  return 0;
}

int print_truth_table(int seeds) {
  const TruthTable table = make_truth_table({seeds});
  fmt::print("{}", truth_table_text(table));
  return is_good(table) ? 0 : 1;
}

std::function<int()> declare(CLI::App& app, const VerbContext&) {
  auto flags = std::make_shared<SimulateFlags>();
  app.add_option("--signal", flags->signal, "What the device draws: a name or a text [epochs]");
  app.add_option("--sensor", flags->sensor, "How it is measured [nvml-counter]");
  app.add_option("--fault", flags->fault, "What goes wrong [none]");
  app.add_option("--seed", flags->seed, "Decides all that is left to chance [1]");
  app.add_option("--duration", flags->duration, "Length of the run [the signal's]");
  app.add_option("--epochs", flags->epochs, "Epochs in it [5]")->check(CLI::Range(0, 100'000));
  app.add_option("--power-max", flags->power_max_w, "The device's greatest power in watts [700]")
      ->check(CLI::PositiveNumber);
  app.add_option("--name", flags->name, "Name of the run [simulated]");
  app.add_option("--store", flags->store, "Folder of the store");
  app.add_flag("--truth-table", flags->truth_table, "Try all signals, sensors and faults instead");
  app.add_option("--seeds", flags->seeds, "For --truth-table: runs of each cell [1000]")
      ->check(CLI::Range(1, 1'000'000));
  app.add_flag("--list", flags->list, "Show the names of signals, sensors and faults");
  CLI::App* cluster = app.add_subcommand(
      "cluster", "A data-parallel training on many GPUs, by study 2's energy model");
  return [flags, cluster, simulate_cluster = declare_cluster(*cluster)] {
    if (cluster->parsed()) {
      return simulate_cluster();
    }
    if (flags->list) {
      print_names();
      return 0;
    }
    return flags->truth_table ? print_truth_table(flags->seeds) : simulate_run(*flags);
  };
}

}  // namespace

Verb simulate_verb() {
  return {"simulate", "Measure a simulated device whose true energy is known", declare};
}

}  // namespace gradwatt
