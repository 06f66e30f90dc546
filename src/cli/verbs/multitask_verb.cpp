#include "base/error.h"
#include "cli/carbon_flags.h"
#include "cli/catalog.h"
#include "cli/run_source.h"
#include "report/saving_view.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace gradwatt {
namespace {

struct MultitaskFlags {
  RunSourceFlags source;
  CarbonFlags carbon;
  std::vector<std::string> both;
  std::vector<std::string> tasks;
  bool json = false;
};

int show_multitask(const MultitaskFlags& flags) {
  if (flags.tasks.size() < 2) {
    throw UsageError("one task alone is no alternative to training several at once",
                     "--tasks",
                     "name the runs of each task: --tasks attributes identity");
  }
  const RunSource source(flags.source);
  std::vector<std::vector<RunRow>> kinds{source.select(flags.both)};
  std::vector<std::string> names{"all tasks in one training"};
  for (const std::string& task : flags.tasks) {
    kinds.push_back(source.select(task));
    names.push_back(task);
  }
  refuse_shared_runs(kinds);
  const SavingView view =
      saving_view(kinds, {"multitask", std::move(names), "", carbon_rates(flags.carbon)});
  fmt::print("{}", flags.json ? saving_to_json(view) : saving_text(view));
  return 0;
}

std::function<int()> declare(CLI::App& app, const VerbContext&) {
  auto flags = std::make_shared<MultitaskFlags>();
  app.add_option("--both", flags->both, "Runs that train all tasks at once")
      ->required()
      ->type_name("RUNS");
  app.add_option("--tasks", flags->tasks, "Runs of each task alone, one selector for each")
      ->required()
      ->type_name("RUNS RUNS...");
  app.add_flag("--json", flags->json, "As JSON");
  add_run_source_flags(app, flags->source);
  add_carbon_flags(app, flags->carbon);
  app.footer("RUNS: a run, a sweep, tag:NAME=VALUE or FACTOR=VALUE.");
  return [flags] { return show_multitask(*flags); };
}

}  // namespace

Verb multitask_verb() {
  return {"multitask", "What training several tasks in one network saves, and why", declare};
}

}  // namespace gradwatt
