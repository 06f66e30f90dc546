#include "analyze/goal.h"

#include "base/error.h"

#include <gtest/gtest.h>

#include <limits>

namespace gradwatt {
namespace {

RunRow run_with(const char* metric, std::vector<double> values) {
  RunRow run;
  for (const double value : values) {
    run.epochs.push_back({static_cast<int>(run.epochs.size()), 1.0, 1, {{metric, value}}, true});
  }
  return run;
}

TEST(Goal, ReadsThresholdsInBothDirections) {
  const Goal up = parse_goal("val_acc>=0.9");
  EXPECT_EQ(up.metric, "val_acc");
  EXPECT_DOUBLE_EQ(up.reach.value(), 0.9);
  EXPECT_FALSE(up.smaller_is_better);
  const Goal down = parse_goal(" val_loss <= 0.3 ");
  EXPECT_EQ(down.metric, "val_loss");
  EXPECT_TRUE(down.smaller_is_better);
  EXPECT_DOUBLE_EQ(parse_goal("val_acc ≥ 0.5").reach.value(), 0.5);
}

TEST(Goal, ReadsDistancesFromTheBest) {
  const Goal goal = parse_goal("val_acc best-0.01");
  EXPECT_EQ(goal.metric, "val_acc");
  EXPECT_DOUBLE_EQ(goal.best_minus.value(), 0.01);
  EXPECT_FALSE(goal.reach.has_value());
  EXPECT_TRUE(parse_goal("val_loss best+0.01").smaller_is_better);
}

TEST(Goal, RefusesWhatIsNoGoal) {
  for (const char* text : {"",
                           "val_acc",
                           "val_acc>0.9",
                           ">=0.9",
                           "val_acc>=high",
                           "a b>=1",
                           "val_acc best--1",
                           "val_acc>=nan"}) {
    EXPECT_THROW(static_cast<void>(parse_goal(text)), UsageError) << text;
  }
}

TEST(Goal, CountsADistanceFromTheBestOfAllFinishedRuns) {
  std::vector<RunRow> runs{run_with("acc", {0.5, 0.90}), run_with("acc", {0.93, 0.7})};
  runs.push_back(run_with("acc", {0.99}));
  runs.back().outcome = RunOutcome::failed;
  EXPECT_NEAR(goal_line(parse_goal("acc best-0.01"), runs).value().threshold, 0.92, 1e-12);
  EXPECT_NEAR(goal_line(parse_goal("acc best+0.1"), runs).value().threshold, 0.6, 1e-12);
}

TEST(Goal, HasNoLineWhenNoRunHasTheMetric) {
  EXPECT_FALSE(goal_line(parse_goal("f1>=0.9"), std::vector{run_with("acc", {0.5})}).has_value());
}

TEST(Goal, IsReachedFromTheRightSide) {
  const EpochRow epoch{0, 1.0, 1, {{"acc", 0.9}, {"loss", 0.3}}, true};
  EXPECT_TRUE(reaches(epoch, {"acc", 0.9, false}));
  EXPECT_FALSE(reaches(epoch, {"acc", 0.91, false}));
  EXPECT_TRUE(reaches(epoch, {"loss", 0.3, true}));
  EXPECT_FALSE(reaches(epoch, {"loss", 0.2, true}));
  EXPECT_FALSE(reaches(epoch, {"f1", 0.1, false}));
}

TEST(Goal, IsNotReachedByWhatIsNoNumber) {
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(reaches({0, 1.0, 1, {{"acc", infinite}}, true}, {"acc", 0.9, false}));
}

}  // namespace
}  // namespace gradwatt
