#include "report/study_text.h"

#include "report/columns.h"
#include "report/study_figures.h"
#include "report/study_findings.h"
#include "report/study_inconsistencies.h"
#include "report/study_reached.h"
#include "report/study_tables.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

/// How many runs are behind the numbers, and what that means for their errors.
std::string repeats_words(const StudyView& view) {
  int most = 0;
  int least = 0;
  for (const StudySweep& sweep : view.sweeps) {
    for (const StudySetup& setup : sweep.setups) {
      if (setup.finished > 0) {
        least = least == 0 ? setup.finished : std::min(least, setup.finished);
        most = std::max(most, setup.finished);
      }
    }
  }
  if (most <= 1) {
    return "one run per setup, so no number has an interval";
  }
  return least == most
             ? fmt::format("{} runs per setup; 95 % intervals of totals are in table2.csv", most)
             : fmt::format("{} to {} runs per setup; 95 % intervals of totals are in table2.csv",
                           least,
                           most);
}

std::string states_text(const StudyView& view) {
  std::string text;
  for (const StudySweep& sweep : view.sweeps) {
    int finished = 0;
    int failed = 0;
    int missed = 0;
    for (const StudySetup& setup : sweep.setups) {
      finished += setup.finished > 0 ? 1 : 0;
      failed += setup.state == SetupState::failed ? 1 : 0;
      missed += setup.state == SetupState::not_reached ? 1 : 0;
    }
    text +=
        fmt::format("  {}  {} of {} setups", padded(sweep.name, 18), finished, sweep.setups.size());
    text += failed > 0 ? fmt::format(", {} failed", failed) : "";
    text += missed > 0 ? fmt::format(", {} did not converge to the goal", missed) : "";
    text += sweep.energy_known ? (sweep.estimated ? ", energy estimated" : ", energy measured")
                               : ", energy unknown";
    text += "\n";
  }
  return text;
}

}  // namespace

std::string study_text(const StudyView& view) {
  std::string text = fmt::format(
      "The Power of Training (Geissler et al., 2024) on this machine, scale {}{}\n"
      "energies: {}; {}\n",
      view.scale,
      view.on == "fashion" ? ", on Fashion-MNIST" : "",
      energy_kind_words(view),
      repeats_words(view));
  text += states_text(view);
  for (const std::string& note : view.notes) {
    text += wrapped(note);
  }
  text += "\n";
  text += study_table1_text(view) + study_table2_text(view) + study_figure3_text(view);
  text += study_accuracy_text(view);
  text += study_figure4_text(view) + study_table3_text(view);
  text += study_figure5_text(view) + study_table4_text(view);
  text += study_equation1_text(view);
  text += study_findings_text(view) + study_inconsistencies_text();
  text.pop_back();
  return text;
}

}  // namespace gradwatt
