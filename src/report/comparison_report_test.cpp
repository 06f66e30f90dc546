#include "analyze/sweep_rows_test.h"
#include "report/columns.h"
#include "report/comparison_json.h"
#include "report/comparison_text.h"
#include "report/comparison_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <sstream>

namespace gradwatt {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Runs of two equal epochs that reach 0.9 in the first.
SideRuns side_of(const std::string& name, const std::vector<double>& epoch_energies) {
  SideRuns side{name, {}};
  for (std::size_t i = 0; i < epoch_energies.size(); ++i) {
    side.runs.push_back(
        made_up_run(name, "0.1", static_cast<int>(i), {epoch_energies[i], 2, 1, 0}));
  }
  return side;
}

ComparisonView comparison_of_sides(const std::vector<SideRuns>& sides,
                                   const ComparisonPlan& plan = {}) {
  ComparisonView view;
  view.plan = plan;
  view.comparison = compare_sides(sides, plan);
  return view;
}

std::string text_of(const std::vector<double>& first, const std::vector<double>& second) {
  return comparison_as_text(comparison_of_sides({side_of("old", first), side_of("new", second)}));
}

std::string verdict_of(const std::vector<double>& first, const std::vector<double>& second) {
  const ComparisonView view = comparison_of_sides({side_of("old", first), side_of("new", second)});
  return verdict_words(view, view.comparison.pairs.front());
}

Interval logs_between(double lo, double hi) { return {std::log(lo), std::log(hi)}; }

TEST(ComparisonWords, SayAChangeWithAsManyDigitsAsItsRangeIsWorth) {
  EXPECT_EQ(change_of_words(std::log(0.88), logs_between(0.84, 0.92)), "12 % less [8, 16]");
  EXPECT_EQ(change_of_words(std::log(1.123), logs_between(1.118, 1.128)),
            "12.3 % more [11.8, 12.8]");
  EXPECT_EQ(change_of_words(std::log(0.996), logs_between(0.98, 1.01)), "about the same [−2, +1]");
  EXPECT_EQ(change_of_words(std::log(3.2), logs_between(2.9, 3.6)), "3.2 times as much [2.9, 3.6]");
  EXPECT_EQ(change_of_words(std::log(0.88), std::nullopt), "12 % less");
  EXPECT_EQ(change_of_words(std::log(1.012), std::nullopt), "1.2 % more");
}

TEST(ComparisonWords, NameSidesByLetters) {
  EXPECT_EQ(side_letter(0), "A");
  EXPECT_EQ(side_letter(25), "Z");
  EXPECT_EQ(side_letter(26), "S27");
}

TEST(ComparisonText, ShowsWhatRepeatsSay) {
  EXPECT_EQ(text_of({100, 101, 99}, {60, 61, 60}), R"(A  old  3 runs
B  new  3 runs

                      A       B  B against A
energy per epoch  100 J  60.3 J  39.7 % less [38.3, 41.0]
energy in total   200 J   121 J  39.7 % less [38.3, 41.0]
time per epoch    1.0 s   1.0 s  the same in every run
time in total     2.0 s   2.0 s  the same in every run
mean power        100 W  60.3 W  39.7 % less [38.3, 41.0]

  B uses 39.7 % less energy per epoch than A [38.3, 41.0].

to know
  [ ] is the range of the change: it holds the true one in 19 of 20 comparisons like this
)");
}

TEST(ComparisonText, SaysThatSingleRunsProveNothing) {
  const std::string text = text_of({100}, {88});
  EXPECT_THAT(text, HasSubstr("B looked 12 % less in energy per epoch, once."));
  EXPECT_THAT(text, HasSubstr("run each at least 3 times"));
  EXPECT_THAT(text, Not(HasSubstr("[ ] is the range")));
}

TEST(ComparisonText, SaysThatThereIsNoDifference) {
  EXPECT_THAT(text_of({100, 101, 100}, {101, 100, 101}),
              HasSubstr("B and A need the same energy per epoch: no difference within 5 %."));
}

TEST(ComparisonText, SaysWhatWouldSettleIt) {
  EXPECT_THAT(verdict_of({100, 104}, {101, 97}),
              HasSubstr("About 5 more repeats of each would settle whether it is 5 % or more."));
  EXPECT_THAT(verdict_of({100, 130}, {90, 60}),
              HasSubstr("If the change is as large as it looks, about 5 more repeats of each would "
                        "show it"));
  EXPECT_THAT(verdict_of({100, 103}, {60, 140}), HasSubstr("why repeats differ so much"));
}

TEST(ComparisonText, HidesNoLossOfAccuracy) {
  ComparisonPlan plan;
  plan.metrics = {{"val_acc", false, MetricOf::best}};
  SideRuns worse = side_of("new", {60, 61, 60});
  for (RunRow& run : worse.runs) {
    run.epochs[0].metrics["val_acc"] = run.epochs[1].metrics["val_acc"] = 0.882;
  }
  const std::string text =
      comparison_as_text(comparison_of_sides({side_of("old", {100, 101, 99}), worse}, plan));
  EXPECT_THAT(text, HasSubstr("at −1.8 points of val_acc."));
  EXPECT_THAT(text, HasSubstr("WORSE by more"));
}

TEST(ComparisonText, LabelsEstimatesAndWhatIsLeftOut) {
  SideRuns second = side_of("new", {60, 61, 60, 7});
  second.runs[0].estimated = true;
  second.runs[3].outcome = RunOutcome::failed;
  ComparisonView view = comparison_of_sides({side_of("old", {100, 101, 99}), second});
  view.differences = {{"host", 1, "n2", "n1", true}};
  view.metrics_there = {"val_acc"};
  const std::string text = comparison_as_text(view);
  EXPECT_THAT(text, HasSubstr("3 runs, 1 failed and left out, energy estimated by a model"));
  EXPECT_THAT(text, HasSubstr("not the same: host: n2 (B), n1 (A)"));
  EXPECT_THAT(text, HasSubstr("--metric val_acc"));
  EXPECT_EQ(difference_lines(view.differences), "host: n1 (A), n2 (B)");
}

TEST(ComparisonText, SaysWhenTheAverageHidesThatSettingsDisagree) {
  std::vector<RunRow> runs;
  for (const auto& [batch, lr, joules] : std::vector<std::tuple<const char*, const char*, double>>{
           {"64", "0.1", 100}, {"64", "0.2", 100}, {"256", "0.1", 60}, {"256", "0.2", 150}}) {
    runs.push_back(made_up_run(batch, lr, 0, {joules, 1, 1, 0}));
  }
  ComparisonView view = comparison_of_sides(sides_by(runs, "batch"));
  EXPECT_THAT(comparison_as_text(view),
              HasSubstr("the settings disagree: from 40 % less to 50 % more"));
}

TEST(ComparisonText, SaysWhoMissedTheGoal) {
  ComparisonPlan plan;
  plan.goal = Goal{"val_acc", 0.95, std::nullopt, false};
  SideRuns good = side_of("good", {100, 101});
  for (RunRow& run : good.runs) {
    run.epochs[1].metrics["val_acc"] = 0.96;
  }
  const SideRuns bad = side_of("bad", {60, 61});
  EXPECT_THAT(comparison_as_text(comparison_of_sides({good, bad}, plan)),
              HasSubstr("B never reached val_acc ≥ 0.95"));
  SideRuns partly = bad;
  partly.runs[0].epochs[1].metrics["val_acc"] = 0.96;
  const ComparisonView view = comparison_of_sides({good, partly}, plan);
  EXPECT_THAT(verdict_words(view, view.comparison.pairs.front()),
              HasSubstr("Not every run reached the goal."));
}

TEST(ComparisonText, FitsATerminal) {
  ComparisonPlan plan;
  plan.goal = kAccuracyGoal;
  plan.metrics = {{"val_acc", false, MetricOf::best}};
  ComparisonView view = comparison_of_sides(
      {side_of("old", {100, 130}), side_of("new", {60, 95}), side_of("newer", {101, 129})}, plan);
  for (const char* text : {"energy_per_epoch > +5%", "val_acc < -0.01"}) {
    const FailCondition condition = parse_fail_condition(text);
    view.conditions.push_back(
        {condition, outcomes_of(condition, view.comparison, FailOn::interval)});
  }
  std::istringstream lines(comparison_as_text(view));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(width_of(line), 100U) << line;
  }
}

TEST(ComparisonText, SaysWhatBecameOfConditions) {
  ComparisonView view =
      comparison_of_sides({side_of("old", {100, 101}), side_of("new", {120, 121})});
  for (const char* text : {"energy_per_epoch > +5%", "energy_per_epoch > +50%", "gpu_hours > 1%"}) {
    const FailCondition condition = parse_fail_condition(text);
    view.conditions.push_back(
        {condition, outcomes_of(condition, view.comparison, FailOn::interval)});
  }
  const std::string text = comparison_as_text(view);
  EXPECT_THAT(text, HasSubstr("FAILED: 'energy_per_epoch > +5%' is shown for B against A"));
  EXPECT_THAT(text, HasSubstr("passed: 'energy_per_epoch > +50%' is not shown for B"));
  EXPECT_THAT(text, HasSubstr("unknown: 'gpu_hours > 1%' cannot be judged"));
}

TEST(ComparisonJson, HasEveryNumberAndNullForWhatIsNotKnown) {
  const auto json = nlohmann::json::parse(
      comparison_to_json(comparison_of_sides({side_of("old", {100}), side_of("new", {80})})));
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["sides"][1]["name"], "new");
  EXPECT_TRUE(json["goal"].is_null());
  const auto& pair = json["pairs"][0];
  EXPECT_EQ(pair["verdict"], "looked_once");
  const auto& energy = pair["quantities"]["energy_per_epoch"];
  EXPECT_NEAR(energy["ratio"], 0.8, 1e-12);
  EXPECT_TRUE(energy["lo"].is_null());
  EXPECT_TRUE(energy["p_holm"].is_null());
  EXPECT_TRUE(energy["scatter"].is_null());
}

TEST(ComparisonJson, HasIntervalsOfRepeats) {
  const auto json = nlohmann::json::parse(comparison_to_json(
      comparison_of_sides({side_of("old", {100, 101, 99}), side_of("new", {60, 61, 60})})));
  const auto& energy = json["pairs"][0]["quantities"]["energy_per_epoch"];
  EXPECT_EQ(energy["finding"], "less");
  EXPECT_LT(energy["lo"], energy["ratio"]);
  EXPECT_LT(energy["ratio"], energy["hi"]);
  EXPECT_EQ(energy["scatter"], "repeats");
}

}  // namespace
}  // namespace gradwatt
