#include "cli/parallel_report.h"

#include "base/error.h"
#include "cli/parallel_plan.h"
#include "cli/sweep_table.h"

#include <fmt/format.h>

namespace gradwatt {

ParallelView parallel_view_of(const Store& store,
                              const StudyRequest& request,
                              const StudyPlan& plan) {
  ParallelView view{parallel_scale(request), {}, plan.notes};
  std::vector<std::string> absent;
  for (const StudyStep& step : plan.all) {
    if (store.of_sweep(step.sweep.name).empty()) {
      absent.push_back(step.name);
      continue;
    }
    SweepTable table = load_sweep_table(store, step.sweep.name);
    for (const std::string& note : table.notes) {
      view.notes.push_back(step.name + ": " + note);
    }
    view.series.push_back(parallel_series(step.name, table.runs, table.axes, table.goal));
    int cut = 0;
    for (const ParallelPoint& point : view.series.back().points) {
      cut += point.cut;
    }
    if (cut > 0) {
      view.notes.push_back(fmt::format(
          "{}: an epoch of {} finished runs has no end and is left out", step.name, cut));
    }
  }
  if (view.series.empty()) {
    throw Error("no run of this study is stored yet",
                store.root().string(),
                "run it: gradwatt reproduce parallel-training");
  }
  for (const std::string& name : absent) {
    view.notes.push_back(name + " has no run yet, so what needs it is left out");
  }
  if (view.scale == "small") {
    view.notes.emplace_back(
        "the small scale trains small networks on little data, and its ranks share one machine: "
        "the machine's power counts once, and times are those of its cores");
  }
  if (view.scale == "simulated") {
    view.notes.emplace_back(
        "no GPU was used: times and energies are those of models fitted to the published numbers, "
        "with chance added; accuracies follow Goyal et al., 2017");
  }
  return view;
}

}  // namespace gradwatt
