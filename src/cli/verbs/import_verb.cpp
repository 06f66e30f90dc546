#include "base/error.h"
#include "base/file.h"
#include "cli/catalog.h"
#include "cli/powermetrics_table.h"
#include "cli/run_view_of.h"
#include "record/imported_meter.h"
#include "record/imported_run.h"
#include "report/run_text.h"
#include "units/clock.h"
#include "units/quantity_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <set>

namespace gradwatt {
namespace {

struct ImportFlags {
  std::string what;
  std::string file;
  std::string marks;
  std::string name;
  std::string method;
  std::optional<double> gain;
  std::string into;
  std::string clock_within;
  std::string store;
};

MeterFacts facts_of(const ImportFlags& flags) {
  if (flags.gain && (*flags.gain < 0 || *flags.gain >= 1)) {
    throw UsageError(fmt::format("{} is no relative error", *flags.gain),
                     "--gain",
                     "0.01 stands for a meter that is right to 1 %");
  }
  return {flags.method, flags.gain};
}

double clocks_within_s(const ImportFlags& flags) {
  if (flags.clock_within.empty()) {
    return kClocksWithin_s;
  }
  const auto within = parse_duration(flags.clock_within);
  if (!within || *within <= Duration{}) {
    throw UsageError("not a time: " + flags.clock_within, "--clock-within", "for example 2h");
  }
  return seconds(*within);
}

PowerTable powermetrics_in(const std::string& file) {
  const auto text = read_text(file);
  if (!text) {
    throw system_error("cannot read", file, errno);
  }
  return table_of_powermetrics(*text, file);
}

/// Each key once.
void tell_notes(const std::vector<TimedMark>& marks) {
  std::set<std::string> told;
  for (const TimedMark& mark : marks) {
    if (!mark.note.empty() && told.insert(mark.key).second) {
      fmt::print(stderr, "gradwatt: note: {}\n", mark.note);
    }
  }
}

void import_as_run(const ImportFlags& flags, const Store& store, const PowerTable& table) {
  ImportedRun options;
  options.name = flags.name;
  options.command = {"gradwatt", "import", flags.what, flags.file};
  options.meter = facts_of(flags);
  if (!flags.marks.empty()) {
    options.marks = read_mark_table(flags.marks);
    tell_notes(options.marks);
  }
  options.now = SystemClock().wall();
  const StoredRun run = import_run(store, table, options);
  fmt::print("{}\n", run.manifest.run_id);
  fmt::print(stderr, "{}", run_summary_text(run_view_of(run)));
}

void import_into_run(const ImportFlags& flags, const Store& store) {
  if (flags.into.empty()) {
    throw UsageError("into which run?", "--into", "gradwatt import meter FILE.csv --into @last");
  }
  const StoredRun run = store.find(flags.into);
  const MeterAlignment alignment =
      import_meter(run, read_power_table(flags.file), facts_of(flags), clocks_within_s(flags));
  fmt::print("{}\n", run.manifest.run_id);
  fmt::print(
      stderr,
      "gradwatt: aligned over {:.1f} s: the meter's clock stands {:+.3f} s{}, correlation "
      "{:.3f}, the next best place {:.3f}\n",
      alignment.overlap_s,
      alignment.offset_s,
      alignment.drift == 0 ? "" : fmt::format(" and drifts {:+.0f} ppm", 1e6 * alignment.drift),
      alignment.correlation,
      alignment.next_correlation);
}

void import_what(const ImportFlags& flags) {
  const Store store(flags.store.empty() ? Store::default_root()
                                        : std::filesystem::path(flags.store));
  if (flags.what != "meter" && !flags.into.empty()) {
    throw UsageError("makes a run of its own", "import " + flags.what, "leave --into out");
  }
  if (flags.what == "meter") {
    import_into_run(flags, store);
  } else {
    import_as_run(
        flags,
        store,
        flags.what == "power" ? read_power_table(flags.file) : powermetrics_in(flags.file));
  }
}

std::function<int()> declare(CLI::App& app, const VerbContext&) {
  auto flags = std::make_shared<ImportFlags>();
  app.add_option("what",
                 flags->what,
                 "power: a run from t_s,power_w[,channel] or t_s,energy_j; meter: a meter beside "
                 "the run --into; powermetrics: a run from what macOS's tool wrote")
      ->required()
      ->check(CLI::IsMember({"power", "meter", "powermetrics"}));
  app.add_option("file", flags->file, "What the meter wrote")->required();
  app.add_option("--marks", flags->marks, "CSV with t_s,mark on the same clock");
  app.add_option("-n,--name", flags->name, "Name of the run");
  app.add_option("--method", flags->method, "How the meter knows: counter, power or model")
      ->check(CLI::IsMember({"counter", "power", "model"}));
  app.add_option("--gain", flags->gain, "Relative error of the meter's scale [0.05]");
  app.add_option("--into", flags->into, "The run that a meter watched");
  app.add_option("--clock-within",
                 flags->clock_within,
                 "How far a meter's Unix times may be from the run's [60s]");
  app.add_option("--store", flags->store, "Folder of the store");
  return [flags] {
    import_what(*flags);
    return 0;
  };
}

}  // namespace

Verb import_verb() {
  return {"import", "A run from any meter's readings, or a meter beside a run", declare};
}

}  // namespace gradwatt
