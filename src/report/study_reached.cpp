#include "report/study_reached.h"

#include "analyze/statistics.h"
#include "report/columns.h"
#include "report/study_words.h"

#include <fmt/format.h>

namespace gradwatt {
namespace {

/// The median relative half width of the intervals of totals; "" when there is none.
std::string spread_words(const StudySweep& sweep) {
  std::vector<double> widths;
  for (const StudySetup& setup : sweep.setups) {
    if (setup.total_j && setup.total_j->interval) {
      const Interval& interval = *setup.total_j->interval;
      widths.push_back((interval.hi - interval.lo) / 2 / setup.total_j->value);
    }
  }
  return widths.empty() ? "" : "± " + percent_words(median(widths));
}

}  // namespace

std::string study_accuracy_text(const StudyView& view) {
  if (view.sweeps.empty()) {
    return "";
  }
  std::vector<std::string> heading{"setup"};
  std::vector<std::vector<std::string>> rows(1);
  std::vector<std::string> metrics{"metric"};
  std::vector<std::string> goals{"goal"};
  bool missed = false;
  for (const StudySweep& sweep : view.sweeps) {
    heading.push_back(part_of(sweep));
    metrics.push_back(sweep.goal ? sweep.goal->metric : "–");
    goals.push_back(sweep.line ? fmt::format("{} {} ",
                                             sweep.line->smaller_is_better ? "≤" : "≥",
                                             three_digits(sweep.line->threshold))
                               : "–");
    for (std::size_t i = 0; i < sweep.setups.size(); ++i) {
      if (rows.size() <= i + 1) {
        rows.push_back({std::to_string(i + 1)});
      }
      const StudySetup& setup = sweep.setups[i];
      const bool misses =
          setup.state == SetupState::not_reached || setup.state == SetupState::partly_reached;
      missed = missed || misses;
      rows[i + 1].resize(heading.size() - 1, "");
      rows[i + 1].push_back(known_or_why(setup.best_metric, setup) + (misses ? "*" : " "));
    }
  }
  rows[0] = heading;
  rows.insert(rows.begin() + 1, metrics);
  rows.push_back(goals);
  return std::string("Reached · best value of the goal's metric in any epoch") +
         (missed ? "; * misses the goal\n" : "\n") +
         indented(aligned(rows, all_right(heading.size()))) + "\n";
}

std::string study_equation1_text(const StudyView& view) {
  std::vector<std::vector<std::string>> rows{
      {"sweep", "setups", "mean difference", "interval of totals"}};
  for (const StudySweep& sweep : view.sweeps) {
    std::vector<double> ratios;
    for (const StudySetup& setup : sweep.setups) {
      if (setup.eq1_ratio) {
        ratios.push_back(*setup.eq1_ratio);
      }
    }
    if (!ratios.empty()) {
      constexpr double kPercent = 100;
      const std::string spread = spread_words(sweep);
      rows.push_back({sweep.name,
                      std::to_string(ratios.size()),
                      fmt::format("{:+.1f} %", kPercent * (spread_of(ratios).mean - 1)),
                      spread.empty() ? "one run per setup" : spread});
    }
  }
  return rows.size() == 1
             ? ""
             : "Equation 1 literally, for comparison · its totals against those above\n" +
                   indented(aligned(rows, {false, true, true, true})) + "\n";
}

}  // namespace gradwatt
