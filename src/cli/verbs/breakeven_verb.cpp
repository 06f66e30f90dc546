#include "base/error.h"
#include "cli/carbon_flags.h"
#include "cli/catalog.h"
#include "cli/run_source.h"
#include "report/reuse_view.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <memory>

namespace gradwatt {
namespace {

struct BreakEvenFlags {
  RunSourceFlags source;
  CarbonFlags carbon;
  std::vector<std::string> pretrain;
  std::vector<std::string> with;
  std::vector<std::string> without;
  std::optional<double> cycles;
  std::string metric;
  bool json = false;
};

int show_break_even(const BreakEvenFlags& flags) {
  if (flags.cycles && (!std::isfinite(*flags.cycles) || *flags.cycles < 0)) {
    throw UsageError("no number of trainings", "--cycles", "how often the encoder will be used");
  }
  const RunSource source(flags.source);
  const std::vector<std::vector<RunRow>> kinds{
      source.select(flags.pretrain), source.select(flags.without), source.select(flags.with)};
  refuse_shared_runs(kinds);
  const ReuseView view =
      reuse_view(kinds, {flags.cycles, flags.metric, carbon_rates(flags.carbon)});
  fmt::print("{}", flags.json ? reuse_to_json(view) : reuse_text(view));
  return 0;
}

std::function<int()> declare(CLI::App& app, const VerbContext&) {
  auto flags = std::make_shared<BreakEvenFlags>();
  const auto runs = [&](const char* name, std::vector<std::string>& selectors, const char* what) {
    app.add_option(name, selectors, what)->required()->type_name("RUNS");
  };
  runs("--pretrain", flags->pretrain, "Runs that pretrain the encoder");
  runs("--with", flags->with, "Runs that train behind the pretrained encoder");
  runs("--without", flags->without, "Runs that train the same from scratch");
  app.add_option("--cycles", flags->cycles, "How often the encoder will be used")->type_name("M");
  app.add_option("--metric", flags->metric, "Accuracy to show beside the energy [val_acc]");
  app.add_flag("--json", flags->json, "As JSON");
  add_run_source_flags(app, flags->source);
  add_carbon_flags(app, flags->carbon);
  app.footer(
      "RUNS: a run, a sweep, tag:NAME=VALUE or FACTOR=VALUE; several are put together. Runs are\n"
      "compared with those of equal factors; repeats give limits. Pretraining and training have "
      "to\n"
      "be runs of their own: gradwatt run each, or rows of a table (--from).");
  return [flags] { return show_break_even(*flags); };
}

}  // namespace

Verb breakeven_verb() {
  return {"breakeven", "After how many trainings a pretrained encoder has paid off", declare};
}

}  // namespace gradwatt
