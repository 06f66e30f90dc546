#include "cli/parallel_report.h"

#include "cli/parallel_plan.h"
#include "cli/study_report.h"

#include <fmt/format.h>

namespace gradwatt {

ParallelView parallel_view_of(const Store& store,
                              const StudyRequest& request,
                              const StudyPlan& plan) {
  ParallelView view{parallel_scale(request), {}, plan.notes};
  const auto add = [&](const std::string& name, SweepTable& table) {
    view.series.push_back(parallel_series(name, table.runs, table.axes, table.goal));
    int cut = 0;
    for (const ParallelPoint& point : view.series.back().points) {
      cut += point.cut;
    }
    if (cut > 0) {
      view.notes.push_back(
          fmt::format("{}: an epoch of {} finished runs has no end and is left out", name, cut));
    }
  };
  visit_stored_sweeps(store, plan, "parallel-training", view.notes, add);
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
