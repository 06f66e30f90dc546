#include "analyze/goal.h"
#include "analyze/grid.h"
#include "analyze/recommendation.h"
#include "base/closest_name.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/carbon_flags.h"
#include "cli/catalog.h"
#include "cli/conduct_stored_sweep.h"
#include "cli/run_source.h"
#include "cli/searched_runs.h"
#include "cli/sweep_table.h"
#include "experiment/fresh_points.h"
#include "experiment/sweep_file.h"
#include "record/run_index.h"
#include "report/quality_notes.h"
#include "report/recommendation_json.h"
#include "report/recommendation_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>
#include <set>

namespace gradwatt {
namespace {

struct RecommendFlags {
  std::string sweep;
  std::string goal;
  std::string minimise = "energy";
  std::vector<std::string> default_factors;
  RunSourceFlags source;
  CarbonFlags carbon;
  int confirm = 0;
  bool json = false;
};

/// A sweep's name, or that in a sweep file: after `gradwatt sweep study.toml` both come to mind.
std::string name_of_sweep(const std::string& sweep_or_file) {
  return sweep_or_file.ends_with(".toml") ? load_sweep_file(sweep_or_file).name : sweep_or_file;
}

/// The runs of a table, and what it says of their goal.
SweepTable table_from(const RunSource& source) {
  SweepTable table;
  table.runs = source.all();
  const auto says_reached = [](const RunRow& run) { return run.reached.has_value(); };
  if (std::any_of(table.runs.begin(), table.runs.end(), says_reached)) {
    table.goal = Goal{"reached", 1, std::nullopt, false};
  }
  return table;
}

/// "NAME=VALUE" of the user's present setup, one for each axis of the grid.
std::vector<std::pair<std::string, std::string>> setup_in(const std::vector<std::string>& texts,
                                                          const Grid& grid) {
  std::vector<std::pair<std::string, std::string>> factors;
  std::vector<std::string> names;
  for (const GridAxis& axis : grid.axes) {
    names.push_back(axis.name);
  }
  for (const std::string& text : texts) {
    const std::size_t sign = text.find('=');
    if (sign == std::string::npos || sign == 0) {
      throw UsageError(fmt::format("'{}' is no factor", text), "--default", "write batch=64");
    }
    const std::string name(trimmed(std::string_view(text).substr(0, sign)));
    const std::string value(trimmed(std::string_view(text).substr(sign + 1)));
    const auto axis = std::find(names.begin(), names.end(), name);
    if (axis == names.end()) {
      throw UsageError(
          fmt::format("nothing is called {}", name), "--default", known_names(name, names));
    }
    const auto& values = grid.axes[static_cast<std::size_t>(axis - names.begin())].values;
    if (std::find(values.begin(), values.end(), value) == values.end()) {
      throw UsageError(
          fmt::format("{} has no value {}", name, value), "--default", known_names(value, values));
    }
    factors.emplace_back(name, value);
  }
  if (factors.size() != names.size() || !grid.find(factors)) {
    throw UsageError("that is not one of the setups",
                     "--default",
                     fmt::format("give one value of each of {}", fmt::join(names, ", ")));
  }
  return factors;
}

/// A metric that no run has is a slip of the pen, when it was asked for here.
void check_metric(const Goal& goal, const std::vector<RunRow>& runs) {
  std::set<std::string> known;
  for (const RunRow& run : runs) {
    if (run.reached && run.epochs.empty()) {
      return;
    }
    for (const auto& [name, value] : run.epochs.empty() ? run.metrics : run.epochs.back().metrics) {
      known.insert(name);
    }
  }
  const std::vector<std::string> names(known.begin(), known.end());
  if (!names.empty() && !known.contains(goal.metric)) {
    throw UsageError(fmt::format("no run has the metric '{}'", goal.metric),
                     "--goal",
                     known_names(goal.metric, names));
  }
}

/// Fresh runs of the setups that the recommendation is about: the best, the next and the default.
int run_afresh(const RecommendFlags& flags,
               const RunSource& source,
               const RecommendationView& view) {
  if (!flags.sweep.ends_with(".toml")) {
    throw UsageError("fresh runs take the sweep's file", "--confirm", "name FILE.toml");
  }
  SweepFile file = load_sweep_file(flags.sweep);
  if (file.slurm) {
    throw UsageError("fresh runs are made on this machine, and this sweep runs on Slurm",
                     "--confirm",
                     "raise its repeat, or give a copy of the file without [launcher]");
  }
  const Recommendation& result = view.recommendation;
  if (result.comparisons.empty()) {
    throw UsageError("there is nothing to confirm yet", "--confirm", "run the sweep first");
  }
  std::set<std::size_t> chosen{*result.best, result.comparisons.front().against};
  if (result.against_default) {
    chosen.insert(result.against_default->against);
  }
  std::vector<std::vector<Factor>> cells;
  for (const std::size_t setup : chosen) {
    std::vector<Factor>& cell = cells.emplace_back();
    for (std::size_t axis = 0; axis < view.grid.axes.size(); ++axis) {
      cell.push_back({view.grid.axes[axis].name,
                      view.grid.axes[axis].values[view.grid.setups[setup].place[axis]]});
    }
  }
  auto points = plan_fresh(file, cells, flags.confirm, trainer_for(file, false));
  file.name = name_of_fresh(file.name);
  const SweepSession session{
      fmt::format("gradwatt recommend {} --confirm {}", flags.sweep, flags.confirm), false, {}};
  return conduct_points(file,
                        Store(std::filesystem::absolute(source.store().root())),
                        session,
                        {std::move(points), file.seed.value_or(0)});
}

/// Fresh runs that the store has of the sweep's setups, by --confirm or by its search; nullopt when
/// there are none.
/// Takes  rows: those of its search.
std::optional<Grid> fresh_grid(const Store& store,
                               std::vector<RunRow> rows,
                               const RecommendationView& view) {
  RunIndex index(store);
  std::vector<StoredRun> runs = index.of_sweep(name_of_fresh(view.sweep));
  if (!runs.empty()) {
    std::vector<RunRow> more = sweep_table_of(index, std::move(runs)).runs;
    // Both count repeats on from those of the sweep: with equal seeds they are one training, and
    // twice the same says no more.
    std::erase_if(rows, [&](const RunRow& row) {
      return std::any_of(more.begin(), more.end(), [&](const RunRow& other) {
        return other.outcome == RunOutcome::finished && other.repeat == row.repeat &&
               other.factors == row.factors;
      });
    });
    rows.insert(rows.end(), std::move_iterator(more.begin()), std::move_iterator(more.end()));
  }
  if (rows.empty()) {
    return std::nullopt;
  }
  std::optional<Goal> goal = view.grid.goal;
  if (goal && view.grid.line) {
    goal->reach = view.grid.line->threshold;
    goal->best_minus.reset();
  }
  return grid_of(rows, view.grid.axes, goal, view.grid.minimise);
}

int recommend_setup(const RecommendFlags& flags) {
  if (flags.sweep.empty() == flags.source.from.empty()) {
    throw UsageError(flags.sweep.empty() ? "which sweep?" : "a sweep and a table",
                     "recommend",
                     "name a sweep of the store, or give a table with --from FILE.csv");
  }
  const RunSource source(flags.source);
  const std::string name = source.is_table()
                               ? std::filesystem::path(source.table_file()).filename().string()
                               : name_of_sweep(flags.sweep);
  SweepTable table =
      source.is_table() ? table_from(source) : load_sweep_table(source.store(), name);
  leave_out_capped(table.fresh, table.notes);
  for (const std::string& note : table.notes) {
    fmt::print(stderr, "gradwatt: note: {}\n", note);
  }
  for (const std::string& note : quality_notes(table.runs)) {
    fmt::print(stderr, "gradwatt: note: {}\n", note);
  }
  if (!flags.goal.empty()) {
    table.goal = parse_goal(flags.goal);
    check_metric(*table.goal, table.runs);
  }
  RecommendationView view{
      name, grid_of(table.runs, table.axes, table.goal, *minimise_named(flags.minimise)), {}};
  if (!flags.default_factors.empty()) {
    table.default_factors = setup_in(flags.default_factors, view.grid);
  }
  view.is_table = source.is_table();
  view.rates = carbon_rates(flags.carbon);
  view.recommendation = recommend(view.grid, table.default_factors);
  int status = 0;
  if (flags.confirm > 0) {
    status = run_afresh(flags, source, view);
  }
  if (const auto fresh =
          source.is_table() ? std::nullopt : fresh_grid(source.store(), table.fresh, view)) {
    view.recommendation = recommend(view.grid, table.default_factors, &*fresh);
  }
  fmt::print("{}", flags.json ? recommendation_to_json(view) : recommendation_text(view));
  return status;
}

std::function<int()> declare(CLI::App& app, const VerbContext& context) {
  const auto flags = std::make_shared<RecommendFlags>();
  app.add_option("SWEEP", flags->sweep, "Name of a sweep, or its file; not with --from")
      ->type_name("");
  app.add_option("--goal",
                 flags->goal,
                 "'val_acc>=0.9', 'val_loss<=0.3' or 'val_acc best-0.01' [the sweep's]")
      ->type_name("GOAL");
  app.add_option("--minimise", flags->minimise, "energy, time, or edp: energy times time [energy]")
      ->check(CLI::IsMember({"energy", "time", "edp"}))
      ->type_name("");
  app.add_flag("--json", flags->json, "As JSON");
  app.add_option("--default", flags->default_factors, "Your present setup [the sweep's]")
      ->delimiter(',')
      ->type_name("NAME=VALUE,...");
  app.add_option("--confirm",
                 flags->confirm,
                 "Run the best, the next and the default afresh, so often each; takes the file")
      ->check(CLI::Range(1, 100))
      ->type_name("N");
  add_run_source_flags(app, flags->source);
  add_carbon_flags(app, flags->carbon);
  const bool has_child = context.has_child;
  return [flags, has_child] {
    if (has_child) {
      throw UsageError("recommend runs no command", "--", "gradwatt recommend SWEEP");
    }
    return recommend_setup(*flags);
  };
}

}  // namespace

Verb recommend_verb() {
  return {"recommend", "The setup of a sweep to use, why, and what it saves", declare};
}

}  // namespace gradwatt
