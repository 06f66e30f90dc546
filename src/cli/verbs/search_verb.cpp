#include "analyze/replay_summary.h"
#include "base/closest_name.h"
#include "base/error.h"
#include "cli/catalog.h"
#include "cli/run_source.h"
#include "cli/sweep_table.h"
#include "report/search_json.h"
#include "report/search_text.h"
#include "units/quantity_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace gradwatt {
namespace {

struct SearchFlags {
  RunSourceFlags source;
  std::string sweep;
  std::string goal;
  std::string strategy = "all";
  double eta = 2;
  double gamma = 2;
  double cap = 1;
  int rung_epochs = 1;
  bool baseline = false;
  std::string budget;
  std::optional<int> trainings;
  std::vector<std::string> profile;
  std::string default_setup;
  bool json = false;
};

/// Trainings recorded to their end, and what their sweep says of them.
struct Recorded {
  std::string name;
  SweepTable table;
};

Recorded recorded_by(const SearchFlags& flags) {
  const RunSource source(flags.source);
  if (source.is_table()) {
    if (!flags.sweep.empty()) {
      throw UsageError("a sweep and a table", "--from", "name one of the two");
    }
    SweepTable table;
    table.runs = source.all();
    return {source.table_file(), std::move(table)};
  }
  if (flags.sweep.empty()) {
    throw UsageError("nothing to replay", "", "name a sweep, or give a table with --from FILE.csv");
  }
  Recorded recorded{flags.sweep, load_sweep_table(source.store(), flags.sweep)};
  for (const std::string& note : recorded.table.notes) {
    fmt::print(stderr, "gradwatt: note: {}\n", note);
  }
  return recorded;
}

/// Replays know only what was recorded: a training that a search cut short ends there for ever.
void refuse_searched(const Recorded& recorded) {
  const auto& runs = recorded.table.runs;
  const auto cut = std::count_if(
      runs.begin(), runs.end(), [](const RunRow& run) { return run.stopped_by_search; });
  if (cut > 0) {
    throw UsageError(fmt::format("{} of its trainings were stopped by a search", cut),
                     recorded.name,
                     "replay a sweep that ran with strategy = \"grid\"");
  }
}

void note_schedules(const Recorded& recorded) {
  for (const RunRow& run : recorded.table.runs) {
    const auto schedule = run.params.find("schedule");
    if (schedule != run.params.end() &&
        (schedule->second == "cosine" || schedule->second == "poly" ||
         schedule->second == "milestones")) {
      fmt::print(
          stderr,
          "gradwatt: note: these trainings have the schedule {}, which follows the number of "
          "all epochs: paused\n  and continued they would be others, so halving is not to be "
          "had for them in truth; use sequential-cap\n",
          schedule->second);
      return;
    }
  }
}

std::vector<SearchStrategy> strategies_of(const std::string& name) {
  std::vector<SearchStrategy> strategies;
  for (const std::string& known : search_strategy_names()) {
    if (name == "all" || name == known) {
      strategies.push_back(*search_strategy_named(known));
    }
  }
  if (strategies.empty()) {
    auto known = search_strategy_names();
    known.emplace_back("all");
    throw UsageError(fmt::format("no strategy '{}'", name), "--strategy", known_names(name, known));
  }
  return strategies;
}

NamedValues values_of(const Grid& grid, const SetupResult& setup) {
  NamedValues values;
  for (std::size_t axis = 0; axis < setup.place.size(); ++axis) {
    values.emplace_back(grid.axes[axis].name, grid.axes[axis].values[setup.place[axis]]);
  }
  return values;
}

std::size_t default_of(const SearchFlags& flags, const Recorded& recorded, const Grid& grid) {
  NamedValues named = recorded.table.default_factors;
  if (!flags.default_setup.empty()) {
    named.clear();
    std::string_view rest = flags.default_setup;
    while (!rest.empty()) {
      const std::string_view one = rest.substr(0, rest.find(','));
      const auto sign = one.find('=');
      if (sign == std::string_view::npos) {
        throw UsageError(fmt::format("'{}' is no setup", flags.default_setup),
                         "--default",
                         "write batch=64,lr=1e-2");
      }
      named.emplace_back(one.substr(0, sign), one.substr(sign + 1));
      rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    }
  }
  const auto setup = named.empty() ? std::optional<std::size_t>(0) : grid.find(named);
  if (!setup) {
    throw UsageError("no such setup was recorded",
                     "--default",
                     "recorded are " + setup_label(values_of(grid, grid.setups.front())) + ", ...");
  }
  return *setup;
}

SearchRules rules_from(const SearchFlags& flags, const GoalLine& line) {
  SearchRules rules;
  rules.goal = {line.metric, line.threshold, std::nullopt, line.smaller_is_better};
  rules.eta = flags.eta;
  rules.lag = flags.gamma > 0 ? std::optional(flags.gamma) : std::nullopt;
  rules.cap = flags.cap;
  rules.rung_epochs = flags.rung_epochs;
  rules.baseline = flags.baseline;
  rules.trainings = flags.trainings;
  if (!flags.budget.empty()) {
    const auto budget = parse_energy(flags.budget);
    if (!budget) {
      throw UsageError("not an energy: " + flags.budget, "--budget", "for example 20kJ or 5 Wh");
    }
    rules.budget_j = budget->joules();
  }
  return rules;
}

int simulate_search(const SearchFlags& flags) {
  Recorded recorded = recorded_by(flags);
  refuse_searched(recorded);
  note_schedules(recorded);
  const auto goal = flags.goal.empty() ? recorded.table.goal : parse_goal(flags.goal);
  if (!goal) {
    throw UsageError("a search needs a goal", "--goal", "write --goal 'val_acc>=0.8'");
  }
  const RecordedGrid grid(recorded.table.runs, recorded.table.axes, *goal);
  ReplayView view{recorded.name, *grid.grid().line, {}, {}, grid.grid().estimated};
  for (const SetupResult& setup : grid.grid().setups) {
    view.setups.push_back(values_of(grid.grid(), setup));
  }
  SearchRules rules = rules_from(flags, view.goal);
  rules.default_setup = default_of(flags, recorded, grid.grid());
  const auto profile = flags.profile.empty() ? cost_axes(grid.grid().axes) : flags.profile;
  rules.groups = profile.empty() ? std::vector<std::size_t>{} : grid.groups_by(profile);
  for (const SearchStrategy strategy : strategies_of(flags.strategy)) {
    rules.strategy = strategy;
    SearchRules own = rules;
    own.baseline = rules.baseline && strategy != SearchStrategy::successive_halving;
    view.summaries.push_back(grid.replay(own));
  }
  fmt::print("{}", flags.json ? replay_to_json(view) : replay_text(view));
  return 0;
}

void declare_simulate(CLI::App& simulate, SearchFlags& flags) {
  simulate.add_option("SWEEP", flags.sweep, "Name of a sweep that ran its whole grid")
      ->type_name("");
  add_run_source_flags(simulate, flags.source);
  simulate
      .add_option("--goal", flags.goal, "'val_acc>=0.9', 'val_loss<=0.3' or 'val_acc best-0.01'")
      ->type_name("GOAL");
  simulate
      .add_option("--strategy",
                  flags.strategy,
                  "grid, joule-halving, sequential-cap, successive-halving or all [all]")
      ->type_name("NAME");
  simulate.add_option("--eta", flags.eta, "Halving: growth from rung to rung [2]")
      ->check(CLI::Range(2.0, 100.0));
  simulate
      .add_option("--gamma", flags.gamma, "sequential-cap: how far behind is lost; 0: no rule [2]")
      ->check(CLI::Range(0.0, 1000.0));
  simulate.add_option("--cap", flags.cap, "sequential-cap: lost beyond this times the best [1]")
      ->check(CLI::Range(1.0, 1000.0));
  simulate.add_option("--rung-epochs", flags.rung_epochs, "successive-halving: first rung [1]")
      ->check(CLI::Range(1, 1'000'000));
  simulate.add_flag("--baseline", flags.baseline, "joule-halving: train the default first");
  simulate.add_option("--budget", flags.budget, "Energy that the search may use, as 20kJ")
      ->type_name("ENERGY");
  simulate
      .add_option("--trainings",
                  flags.trainings,
                  "joule-halving, sequential-cap: how often the setup found will be trained; ends "
                  "when going on costs more than it can save")
      ->check(CLI::Range(1, 1'000'000'000));
  simulate
      .add_option(
          "--profile", flags.profile, "Axes that change what an epoch costs [all but lr, ...]")
      ->type_name("AXIS")
      ->delimiter(',');
  simulate
      .add_option(
          "--default", flags.default_setup, "The present setup: batch=64,lr=1e-2 [the sweep's]")
      ->type_name("SETUP");
  simulate.add_flag("--json", flags.json, "As JSON");
}

std::function<int()> declare(CLI::App& app, const VerbContext& context) {
  const auto flags = std::make_shared<SearchFlags>();
  CLI::App* simulate = app.add_subcommand(
      "simulate", "What each strategy would have used and chosen, on recorded trainings");
  declare_simulate(*simulate, *flags);
  app.require_subcommand(1);
  const bool has_child = context.has_child;
  return [flags, has_child] {
    if (has_child) {
      throw UsageError("search runs no command", "--", "gradwatt search simulate SWEEP");
    }
    return simulate_search(*flags);
  };
}

}  // namespace

Verb search_verb() {
  return {"search", "How well search strategies do on recorded trainings", declare};
}

}  // namespace gradwatt
