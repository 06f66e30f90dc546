#include "base/error.h"
#include "cli/catalog.h"
#include "cli/run_source.h"
#include "cli/selected_runs.h"
#include "report/scaling_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

namespace gradwatt {
namespace {

struct ScaleFlags {
  std::vector<std::string> selectors;
  RunSourceFlags source;
  std::string by;
  bool json = false;
};

int scale_runs(const ScaleFlags& flags) {
  const RunSource source(flags.source);
  const std::vector<RunRow> runs = selected_runs(source, flags.selectors);
  ScalingView view;
  view.source = selection_words(source, flags.selectors);
  view.table = scaling_table(runs, factor_list(flags.by));
  if (view.table.runs == 0) {
    throw Error("no run can be used to see how energy scales",
                view.source,
                fmt::format("{}", fmt::join(view.table.notes, "; ")));
  }
  if (view.table.groups.size() == 1) {
    view.together = fit_scaling_models(view.table.groups.front().setups);
  } else {
    view.together = fit_models_over_jobs(view.table.all());
    for (const ScalingGroup& group : view.table.groups) {
      view.by_group.push_back(fit_scaling_models(group.setups));
    }
    view.jobs = jobs_left_out(view.table);
  }
  fmt::print("{}", flags.json ? scaling_to_json(view) : scaling_text(view));
  return 0;
}

std::function<int()> declare(CLI::App& app, const VerbContext& context) {
  const auto flags = std::make_shared<ScaleFlags>();
  app.add_option("SEL", flags->selectors, "A sweep, runs, tag:NAME, or NAME=VALUE [all of --from]")
      ->type_name("");
  add_run_source_flags(app, flags->source);
  app.add_option("--by",
                 flags->by,
                 "Factors that tell jobs apart, fitted each alone; 'none': all are one job [those "
                 "with text]")
      ->type_name("FACTOR,...");
  app.add_flag("--json", flags->json, "As JSON");
  app.footer(R"(Examples:
  gradwatt scale --from runs.csv                what energy on many GPUs goes with
  gradwatt scale tag:scaling --by model         models fitted apart, and one by the others
Columns of the table: energy_j, gpus, duration_s or gpu_hours, and as far as known nodes, samples,
updates, global_batch or local_batch, factor.NAME.)");
  const bool has_child = context.has_child;
  return [flags, has_child] {
    if (has_child) {
      throw UsageError("scale runs no command", "--", "gradwatt scale SEL... or --from FILE.csv");
    }
    return scale_runs(*flags);
  };
}

}  // namespace

Verb scale_verb() {
  return {"scale", "What the energy of trainings on many GPUs goes with", declare};
}

}  // namespace gradwatt
