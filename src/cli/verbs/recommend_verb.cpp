#include "analyze/goal.h"
#include "analyze/grid.h"
#include "analyze/recommendation.h"
#include "base/error.h"
#include "cli/catalog.h"
#include "cli/sweep_table.h"
#include "experiment/sweep_file.h"
#include "report/recommendation_json.h"
#include "report/recommendation_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace gradwatt {
namespace {

struct RecommendFlags {
  std::string sweep;
  std::string goal;
  std::string minimise = "energy";
  std::string store;
  bool json = false;
};

/// A sweep's name, or that in a sweep file: after `gradwatt sweep study.toml` both come to mind.
std::string name_of_sweep(const std::string& sweep_or_file) {
  return sweep_or_file.ends_with(".toml") ? load_sweep_file(sweep_or_file).name : sweep_or_file;
}

int recommend_setup(const RecommendFlags& flags) {
  const Store store(flags.store.empty() ? Store::default_root()
                                        : std::filesystem::path(flags.store));
  const std::string sweep = name_of_sweep(flags.sweep);
  SweepTable table = load_sweep_table(store, sweep);
  for (const std::string& note : table.notes) {
    fmt::print(stderr, "gradwatt: note: {}\n", note);
  }
  if (!flags.goal.empty()) {
    table.goal = parse_goal(flags.goal);
  }
  RecommendationView view{sweep, grid_of(table.runs, table.axes, table.goal), {}};
  view.recommendation = recommend(view.grid, table.default_factors);
  fmt::print("{}", flags.json ? recommendation_to_json(view) : recommendation_text(view));
  return 0;
}

std::function<int()> declare(CLI::App& app, const VerbContext& context) {
  const auto flags = std::make_shared<RecommendFlags>();
  app.add_option("SWEEP", flags->sweep, "Name of a sweep, or its file")->required()->type_name("");
  app.add_option("--goal",
                 flags->goal,
                 "'val_acc>=0.9', 'val_loss<=0.3' or 'val_acc best-0.01' [the sweep's]")
      ->type_name("GOAL");
  app.add_option("--minimise", flags->minimise, "What to make small [energy]")
      ->check(CLI::IsMember({"energy"}))
      ->type_name("");
  app.add_flag("--json", flags->json, "As JSON");
  app.add_option("--store", flags->store, "Where runs are kept")->type_name("DIR");
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
