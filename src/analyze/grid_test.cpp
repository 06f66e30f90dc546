#include "analyze/grid.h"

#include "analyze/sweep_rows_test.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(GridAxis, KeepsTheOrderItWasGivenAndSortsWhatItFinds) {
  const std::vector runs{made_up_run("1024", "0.1", 0, {}),
                         made_up_run("64", "0.01", 0, {}),
                         made_up_run("256", "1e-3", 0, {})};
  const auto axes = axes_of(runs, {{"lr", {"1e-3", "0.01", "0.1"}}});
  ASSERT_EQ(axes.size(), 2U);
  EXPECT_EQ(axes[0], (GridAxis{"lr", {"1e-3", "0.01", "0.1"}}));
  EXPECT_EQ(axes[1], (GridAxis{"batch", {"64", "256", "1024"}}));
}

TEST(GridAxis, LeavesWordsInOrderOfAppearance) {
  RunRow sgd;
  sgd.factors = {{"optimizer", "sgd"}};
  RunRow adam;
  adam.factors = {{"optimizer", "adam"}};
  EXPECT_EQ(axes_of(std::vector{sgd, adam}, {})[0].values,
            (std::vector<std::string>{"sgd", "adam"}));
}

TEST(Grid, HasACellForEverySetupThatWasPlanned) {
  const Grid grid = grid_of(std::vector{made_up_run("64", "0.1", 0, {})},
                            {{"batch", {"64", "256"}}, {"lr", {"0.1", "0.01"}}},
                            kAccuracyGoal);
  ASSERT_EQ(grid.setups.size(), 4U);
  EXPECT_EQ(grid.setups[0].state, SetupState::measured);
  EXPECT_EQ(grid.setups[3].state, SetupState::not_run);
  const std::vector<std::pair<std::string, std::string>> last{{"batch", "256"}, {"lr", "0.01"}};
  EXPECT_EQ(grid.find(last), 3U);
  const std::vector<std::pair<std::string, std::string>> none{{"batch", "257"}, {"lr", "0.01"}};
  EXPECT_FALSE(grid.find(none).has_value());
}

TEST(Grid, TakesAnyNumberOfAxes) {
  RunRow run = made_up_run("64", "0.1", 0, {});
  run.factors.emplace_back("optimizer", "adam");
  const Grid three = grid_of(std::vector{run}, {}, std::nullopt);
  EXPECT_EQ(three.axes.size(), 3U);
  EXPECT_EQ(three.setups.size(), 1U);
  run.factors = {{"lr", "0.1"}};
  EXPECT_EQ(grid_of(std::vector{run}, {}, std::nullopt).axes.size(), 1U);
  EXPECT_EQ(grid_of({}, {}, std::nullopt).setups.size(), 1U);
}

TEST(Grid, OfAVeryLargeSpaceKeepsOnlyWhatRan) {
  std::vector<RunRow> runs;
  for (int i = 0; i < 70; ++i) {
    runs.push_back(made_up_run(std::to_string(i), "1e-" + std::to_string(i), 0, {}));
  }
  EXPECT_EQ(grid_of(runs, {}, std::nullopt).setups.size(), 70U);
}

TEST(Grid, ReachesNothingWhenNoRunHasTheMetric) {
  const Grid grid = grid_of(
      std::vector{made_up_run("64", "0.1", 0, {})}, {}, Goal{"f1", 0.9, std::nullopt, false});
  EXPECT_EQ(grid.setups[0].state, SetupState::not_reached);
  EXPECT_FALSE(grid.line.has_value());
}

}  // namespace
}  // namespace gradwatt
