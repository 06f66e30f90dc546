#include "report/parallel_text.h"

#include "report/columns.h"
#include "report/parallel_findings.h"
#include "report/parallel_tables.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

std::string parallel_states(const ParallelView& view) {
  std::string text;
  for (const ParallelSeries& series : view.series) {
    int finished = 0;
    int failed = 0;
    int runs = 0;
    for (const ParallelPoint& point : series.points) {
      finished += point.finished > 0 ? 1 : 0;
      failed += point.state == SetupState::failed ? 1 : 0;
      runs += point.finished;
    }
    text += fmt::format("  {}  {} of {} points, {} runs{}\n",
                        padded(series.name, 24),
                        finished,
                        series.points.size(),
                        runs,
                        failed > 0 ? fmt::format(", {} points failed", failed) : "");
  }
  return text;
}

}  // namespace

std::string parallel_text(const ParallelView& view) {
  std::string text = fmt::format(
      "Energy Consumption in Parallel Neural Network Training (Huber et al., 2025)\n"
      "{}\n"
      "energies: {}; ± is the half width of the repeats' 95 % interval\n",
      view.scale == "simulated" ? "on a simulated cluster" : "on this machine, scale " + view.scale,
      parallel_energy_words(view));
  text += parallel_states(view);
  for (const std::string& note : view.notes) {
    text += wrapped(note);
  }
  text += "\n" + parallel_series_text(view) + batch_results_text(view) + hour_lines_text(view);
  text += energy_models_text(view) + parallel_findings_text(view) + parallel_deviations_text();
  text.pop_back();
  return text;
}

}  // namespace gradwatt
