#include "analyze/run_comparison.h"

#include "analyze/fail_condition.h"
#include "analyze/study1_table_test.h"
#include "analyze/sweep_rows_test.h"
#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace gradwatt {
namespace {

using testing::HasSubstr;

/// Runs of one epoch, of these joules, at a learning rate.
std::vector<RunRow> runs_of(const std::vector<double>& energies, const std::string& lr = "0.1") {
  std::vector<RunRow> runs;
  for (std::size_t i = 0; i < energies.size(); ++i) {
    runs.push_back(made_up_run("64", lr, static_cast<int>(i), {energies[i], 1, 1, 0}));
  }
  return runs;
}

RunComparison compared(const std::vector<double>& first, const std::vector<double>& second) {
  const std::vector<SideRuns> sides{{"A", runs_of(first)}, {"B", runs_of(second)}};
  return compare_sides(sides, {});
}

const SideContrast& per_epoch(const RunComparison& comparison) {
  return *comparison.pairs.front().find(RunQuantity::energy_per_epoch);
}

TEST(RunComparison, OfSingleRunsLookedOnceAndHasNoInterval) {
  const RunComparison comparison = compared({80}, {100});
  const SideContrast& contrast = per_epoch(comparison);
  EXPECT_NEAR(std::exp(contrast.difference.value), 1.25, 1e-12);
  EXPECT_EQ(contrast.finding, ContrastFinding::looked_once);
  EXPECT_FALSE(contrast.p.has_value());
  EXPECT_EQ(headline_of(comparison.pairs.front())->quantity, RunQuantity::energy_per_epoch);
}

TEST(RunComparison, IsWelchsOnLogarithms) {
  const std::vector<double> a{100, 104, 97};
  const std::vector<double> b{80, 83, 79};
  const SideContrast contrast = per_epoch(compared(a, b));
  const Ratio welch = welch_ratio(b, a);
  EXPECT_DOUBLE_EQ(std::exp(contrast.difference.value), welch.value);
  EXPECT_DOUBLE_EQ(std::exp(interval_of(contrast.difference)->hi), welch.interval->hi);
  EXPECT_DOUBLE_EQ(contrast.p.value(), welch.p_value.value());
  EXPECT_EQ(contrast.finding, ContrastFinding::less);
}

TEST(RunComparison, SaysThatThereIsNoDifference) {
  const SideContrast contrast = per_epoch(compared({100, 101, 100}, {101, 100, 101}));
  EXPECT_EQ(contrast.finding, ContrastFinding::no_difference);
  EXPECT_FALSE(contrast.more_for_band.has_value());
}

TEST(RunComparison, SaysHowManyRepeatsWouldSettleIt) {
  const SideContrast contrast = per_epoch(compared({100, 110}, {98, 93}));
  EXPECT_EQ(contrast.finding, ContrastFinding::not_settled);
  EXPECT_GT(contrast.more_for_band.value(), contrast.more_for_size.value());
}

TEST(RunComparison, OfEqualNumbersHasNoScatterToJudgeBy) {
  EXPECT_EQ(per_epoch(compared({100, 100}, {90, 90})).finding, ContrastFinding::no_scatter);
}

TEST(RunComparison, ComparesWithinTheOtherFactors) {
  std::vector<RunRow> runs;
  for (const auto& [batch, lr, joules] :
       std::vector<std::tuple<const char*, const char*, double>>{{"64", "0.1", 100},
                                                                 {"64", "0.2", 1000},
                                                                 {"256", "0.1", 81},
                                                                 {"256", "0.2", 790},
                                                                 {"256", "0.4", 7}}) {
    runs.push_back(made_up_run(batch, lr, 0, {joules, 1, 1, 0}));
  }
  const auto sides = sides_by(runs, "batch");
  EXPECT_EQ(block_factors(sides), std::vector<std::string>{"lr"});
  const RunComparison comparison = compare_sides(sides, {});
  EXPECT_EQ(comparison.pairs.front().blocks, 2);
  EXPECT_EQ(comparison.pairs.front().blocks_apart, 1);
  const SideContrast& contrast = per_epoch(comparison);
  EXPECT_NEAR(std::exp(contrast.difference.value), std::sqrt(0.81 * 0.79), 1e-12);
  EXPECT_TRUE(contrast.difference.over_blocks);
  EXPECT_NEAR(std::exp(contrast.of_block->lo), 0.79, 1e-12);
}

TEST(RunComparison, TakesAllRunsWhereNoSettingIsShared) {
  const std::vector<SideRuns> sides{{"A", runs_of({10}, "0.1")},
                                    {"B", {runs_of({20}, "0.2")[0], runs_of({30}, "0.3")[0]}}};
  const RunComparison comparison = compare_sides(sides, {});
  EXPECT_TRUE(comparison.pairs.front().nothing_equal);
  EXPECT_EQ(per_epoch(comparison).n_of, 2);
}

TEST(RunComparison, FindsTheStudysSavingsWithinLearningRates) {
  const auto sides = sides_by(study1_table2("pamap2", "cuda"), "batch");
  ASSERT_EQ(sides.size(), 4U);
  EXPECT_EQ(sides[2].name, "batch 1024");
  const RunComparison comparison = compare_sides(sides, {});
  const SideContrast& contrast = *comparison.pairs[1].find(RunQuantity::energy_per_epoch);
  EXPECT_NEAR(std::exp(contrast.difference.value), 0.2833, 0.0001);
  EXPECT_EQ(contrast.blocks, 4);
  EXPECT_EQ(contrast.finding, ContrastFinding::less);
}

TEST(RunComparison, PairsRepeatsWhenAsked) {
  // A machine that warms up: within a repeat the second needs 10 % more.
  const std::vector<SideRuns> sides{{"A", runs_of({100, 120, 150})},
                                    {"B", runs_of({110, 133, 164})}};
  ComparisonPlan plan;
  EXPECT_EQ(per_epoch(compare_sides(sides, plan)).finding, ContrastFinding::not_settled);
  plan.paired = true;
  const RunComparison paired = compare_sides(sides, plan);
  EXPECT_EQ(paired.pairs.front().blocks, 3);
  EXPECT_EQ(per_epoch(paired).finding, ContrastFinding::more);
}

TEST(RunComparison, SplitsEnergyToTheGoalIntoEpochsAndTheirNumber) {
  ComparisonPlan plan;
  plan.goal = kAccuracyGoal;
  const std::vector<SideRuns> sides{{"A", {made_up_run("64", "0.1", 0, {100, 10, 8, 0})}},
                                    {"B", {made_up_run("256", "0.1", 0, {40, 10, 10, 0})}}};
  const RunComparison comparison = compare_sides(sides, plan);
  const FactorSplit& split = comparison.pairs.front().split.value();
  EXPECT_NEAR(split.epoch_energy.value, 0.4, 1e-12);
  EXPECT_NEAR(split.epochs.value, 1.25, 1e-12);
  EXPECT_NEAR(split.rest, 1, 1e-12);
  EXPECT_EQ(headline_of(comparison.pairs.front())->quantity, RunQuantity::energy_to_goal);
}

TEST(RunComparison, ExpectsTheCostOfMissedTries) {
  ComparisonPlan plan;
  plan.goal = kAccuracyGoal;
  const std::vector<SideRuns> sides{{"A", {made_up_run("64", "0.1", 0, {260, 1, 1, 0})}},
                                    {"B",
                                     {made_up_run("64", "0.1", 0, {100, 1, 1, 0}),
                                      made_up_run("64", "0.1", 1, {120, 1, 1, 0}),
                                      made_up_run("64", "0.1", 2, {300, 1, 0, 0})}}};
  const RunComparison comparison = compare_sides(sides, plan);
  const SideContrast& contrast = *comparison.pairs.front().find(RunQuantity::energy_to_goal);
  EXPECT_NEAR(contrast.of, 260, 1e-9);  // The worked example of energy_to_goal.h.
  EXPECT_EQ(contrast.finding, ContrastFinding::partly_reached);
  EXPECT_EQ(comparison.sides[1].reached, 2);
}

TEST(RunComparison, GuardsTheAccuracy) {
  ComparisonPlan plan;
  plan.metrics = {{"val_acc", false, MetricOf::best}};
  auto better = made_up_run("64", "0.1", 0, {100, 1, 1, 0});  // 0.9
  auto worse = made_up_run("256", "0.1", 0, {50, 1, 0, 0});   // 0.5
  const std::vector<SideRuns> sides{{"A", {better}}, {"B", {worse}}};
  const RunComparison comparison = compare_sides(sides, plan);
  const MetricContrast& guard = *comparison.pairs.front().find("val_acc");
  EXPECT_NEAR(guard.worse_by, 0.4, 1e-12);
  EXPECT_TRUE(guard.beyond_band);
  EXPECT_FALSE(guard.within_shown);
}

TEST(RunComparison, LeavesOutWhatIsNotFinished) {
  auto second = runs_of({90, 90});
  second[1].outcome = RunOutcome::failed;
  const std::vector<SideRuns> sides{{"A", runs_of({100})}, {"B", second}};
  const RunComparison comparison = compare_sides(sides, {});
  EXPECT_EQ(comparison.sides[1].runs.size(), 1U);
  EXPECT_EQ(comparison.sides[1].failed, 1);
}

TEST(RunComparison, TellsFromTheIdsOfTheStoreWhetherSidesTookTurns) {
  const auto ids = [](std::vector<RunRow> runs, const std::string& digits) {
    for (std::size_t i = 0; i < runs.size(); ++i) {
      runs[i].run = std::string("01M7YT25M7000000000000000") + digits[i];
    }
    return runs;
  };
  const std::vector<SideRuns> turns{{"A", ids(runs_of({1, 2}), "13")},
                                    {"B", ids(runs_of({1, 2}), "24")}};
  const std::vector<SideRuns> apart{{"A", ids(runs_of({1, 2}), "12")},
                                    {"B", ids(runs_of({1, 2}), "34")}};
  EXPECT_EQ(compare_sides(turns, {}).pairs[0].measured_apart, false);
  EXPECT_EQ(compare_sides(apart, {}).pairs[0].measured_apart, true);
  EXPECT_FALSE(compared({1, 2}, {1, 2}).pairs[0].measured_apart.has_value());
}

TEST(RunComparison, IsCarefulerOverSeveralSides) {
  const std::vector<SideRuns> two{{"A", runs_of({100, 104})}, {"B", runs_of({90, 92})}};
  std::vector<SideRuns> three = two;
  three.push_back({"C", runs_of({89, 93})});
  const double alone = per_epoch(compare_sides(two, {})).p.value();
  EXPECT_GT(per_epoch(compare_sides(three, {})).p.value(), alone);
}

TEST(FailCondition, ReadsQuantitiesInPercentAndMetricsAsTheyAre) {
  const FailCondition energy = parse_fail_condition(" energy_per_epoch > +5%");
  EXPECT_EQ(energy.quantity, RunQuantity::energy_per_epoch);
  EXPECT_TRUE(energy.above);
  EXPECT_NEAR(energy.limit, std::log(1.05), 1e-15);
  const FailCondition time = parse_fail_condition("time_total<=-10 %");
  EXPECT_FALSE(time.above);
  EXPECT_NEAR(time.limit, std::log(0.9), 1e-15);
  const FailCondition metric = parse_fail_condition("val_acc < -0.01");
  EXPECT_FALSE(metric.quantity.has_value());
  EXPECT_EQ(metric.metric, "val_acc");
  EXPECT_DOUBLE_EQ(metric.limit, -0.01);
}

TEST(FailCondition, RefusesWhatIsNoneWithExamples) {
  for (const char* text : {"",
                           "energy_per_epoch",
                           "> 5%",
                           "energy_per_epoch > 5",
                           "val_acc < -1%",
                           "energy_total > many%",
                           "energy_total < -100%",
                           "a b > 1"}) {
    try {
      static_cast<void>(parse_fail_condition(text));
      FAIL() << text;
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), HasSubstr("energy_per_epoch > +5%")) << text;
    }
  }
}

std::optional<bool> met(const std::vector<double>& first,
                        const std::vector<double>& second,
                        FailOn fail_on) {
  const RunComparison comparison = compared(first, second);
  return outcomes_of(parse_fail_condition("energy_per_epoch > +5%"), comparison, fail_on)[0].met;
}

TEST(FailCondition, IsMetWhenTheWholeIntervalIsBeyondTheLimit) {
  EXPECT_EQ(met({100, 101}, {120, 121}, FailOn::interval), true);
  EXPECT_EQ(met({100, 110}, {104, 118}, FailOn::interval), false);
  EXPECT_EQ(met({100, 110}, {104, 118}, FailOn::point), true);
  EXPECT_EQ(met({100, 101}, {104, 105}, FailOn::point), false);
}

TEST(FailCondition, AgreesWithTheIntervalOfTwoSides) {
  std::mt19937_64 random(9);
  for (int i = 0; i < 300; ++i) {
    const auto draw = [&](double mean) { return mean * std::exp(0.03 * drawn_normal(random)); };
    const std::vector<double> first{draw(100), draw(100), draw(100)};
    const std::vector<double> second{draw(112), draw(112), draw(112)};
    const bool beyond =
        interval_of(per_epoch(compared(first, second)).difference)->lo > std::log(1.05);
    EXPECT_EQ(met(first, second, FailOn::interval), beyond);
  }
}

TEST(FailCondition, TakesTheNumberOfSingleRunsAndKnowsNothingOfWhatIsNot) {
  const RunComparison comparison = compared({100}, {120});
  const auto outcome =
      outcomes_of(parse_fail_condition("energy_per_epoch > +5%"), comparison, FailOn::interval)[0];
  EXPECT_EQ(outcome.met, true);
  EXPECT_FALSE(outcome.by_interval);
  EXPECT_FALSE(outcomes_of(parse_fail_condition("gpu_hours > +5%"), comparison, FailOn::interval)[0]
                   .met.has_value());
}

}  // namespace
}  // namespace gradwatt
