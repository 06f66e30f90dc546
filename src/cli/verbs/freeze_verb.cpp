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

struct FreezeFlags {
  RunSourceFlags source;
  CarbonFlags carbon;
  std::vector<std::string> frozen;
  std::vector<std::string> unfrozen;
  std::string metric;
  bool json = false;
};

int show_freeze(const FreezeFlags& flags) {
  const RunSource source(flags.source);
  const std::vector<std::vector<RunRow>> kinds{source.select(flags.frozen),
                                               source.select(flags.unfrozen)};
  refuse_shared_runs(kinds);
  const SavingView view =
      saving_view(kinds,
                  {"freeze",
                   {"training with the encoder frozen", "with all weights free"},
                   flags.metric,
                   carbon_rates(flags.carbon)});
  fmt::print("{}", flags.json ? saving_to_json(view) : saving_text(view));
  return 0;
}

std::function<int()> declare(CLI::App& app, const VerbContext&) {
  auto flags = std::make_shared<FreezeFlags>();
  app.add_option("--frozen", flags->frozen, "Runs with the encoder's weights frozen")
      ->required()
      ->type_name("RUNS");
  app.add_option("--unfrozen", flags->unfrozen, "Runs of the same with all weights free")
      ->required()
      ->type_name("RUNS");
  app.add_option("--metric", flags->metric, "Accuracy to show beside the energy [val_acc]");
  app.add_flag("--json", flags->json, "As JSON");
  add_run_source_flags(app, flags->source);
  add_carbon_flags(app, flags->carbon);
  app.footer("RUNS: a run, a sweep, tag:NAME=VALUE or FACTOR=VALUE; several are put together.");
  return [flags] { return show_freeze(*flags); };
}

}  // namespace

Verb freeze_verb() {
  return {"freeze", "What freezing a part of the network saves, per epoch and in total", declare};
}

}  // namespace gradwatt
