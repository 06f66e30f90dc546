#include "analyze/setup_comparison.h"

#include "analyze/sweep_rows_test.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

/// Setups at learning rates 1, 2, ..., each with the given energies per epoch, one epoch to go.
Grid grid_with(const std::vector<std::vector<double>>& energies) {
  std::vector<RunRow> runs;
  for (std::size_t setup = 0; setup < energies.size(); ++setup) {
    for (std::size_t repeat = 0; repeat < energies[setup].size(); ++repeat) {
      runs.push_back(made_up_run("64",
                                 std::to_string(setup + 1),
                                 static_cast<int>(repeat),
                                 {energies[setup][repeat], 1, 1, 0}));
    }
  }
  return grid_of(runs, {}, kAccuracyGoal);
}

SetupComparison compared(const std::vector<double>& a, const std::vector<double>& b) {
  const std::vector<std::size_t> others{1};
  return compare_with_all(grid_with({a, b}), Objective::to_goal, 0, others).front();
}

TEST(SetupComparison, IsLevelDWithoutAnIntervalFromSingleRuns) {
  const SetupComparison comparison = compared({50}, {100});
  EXPECT_DOUBLE_EQ(comparison.saving(), 0.5);
  EXPECT_FALSE(comparison.saving_interval().has_value());
  EXPECT_EQ(comparison.evidence, Evidence::d);
}

TEST(SetupComparison, IsLevelBFromRepeatsThatAreFarApart) {
  const SetupComparison comparison = compared({50, 51}, {100, 102});
  EXPECT_EQ(comparison.evidence, Evidence::b);
  EXPECT_GT(comparison.saving_interval().value().lo, 0);
}

TEST(SetupComparison, IsLevelDWhenTheIntervalIncludesNoDifference) {
  const SetupComparison comparison = compared({90, 110}, {100, 120});
  EXPECT_EQ(comparison.evidence, Evidence::d);
  EXPECT_LT(comparison.saving_interval().value().lo, 0);
}

TEST(SetupComparison, IsLevelDWhereItIsShownToCostMore) {
  const SetupComparison comparison = compared({100, 102}, {50, 51});
  EXPECT_LT(comparison.p_holm.value(), 0.05);
  EXPECT_TRUE(comparison.is_shown_dearer());
  EXPECT_EQ(comparison.evidence, Evidence::d) << "the level is that of a saving";
}

TEST(SetupComparison, AsksMoreOfEachOfManyComparisons) {
  const std::vector<double> best{97, 100, 103};
  const std::vector<double> other{107, 110, 113};
  EXPECT_EQ(compared(best, other).evidence, Evidence::b);
  const Grid grid = grid_with({best, other, {95, 102, 106}, {96, 103, 105}, {94, 104, 108}});
  const std::vector<std::size_t> others{1, 2, 3, 4};
  const auto all = compare_with_all(grid, Objective::to_goal, 0, others);
  EXPECT_EQ(all.front().evidence, Evidence::d);
  EXPECT_GT(all.front().p_holm.value(), all.front().ratio.p_value.value());
}

TEST(SetupComparison, NeverGivesLevelAToAChoiceThatNoFreshRunConfirms) {
  EXPECT_EQ(compared({10, 10.1, 9.9, 10}, {100, 101, 99, 100}).evidence, Evidence::b);
}

TEST(SetupComparison, HasNoIntervalForAnExpectedEnergy) {
  std::vector<RunRow> runs{made_up_run("64", "1", 0, {10, 5, 1, 0}),
                           made_up_run("64", "1", 1, {10, 5, 0, 0}),
                           made_up_run("64", "2", 0, {90, 5, 1, 0}),
                           made_up_run("64", "2", 1, {95, 5, 1, 0})};
  const Grid grid = grid_of(runs, {}, kAccuracyGoal);
  const std::vector<std::size_t> others{1};
  const auto comparison = compare_with_all(grid, Objective::to_goal, 0, others).front();
  EXPECT_FALSE(comparison.ratio.interval.has_value());
  EXPECT_EQ(comparison.evidence, Evidence::d);
  // 10 J reached it and 50 J missed it, as often: 60 J to expect.
  EXPECT_NEAR(comparison.ratio.value, 60 / std::sqrt(90.0 * 95.0), 1e-12);
}

}  // namespace
}  // namespace gradwatt
