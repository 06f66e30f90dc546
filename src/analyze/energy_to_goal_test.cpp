#include "analyze/energy_to_goal.h"

#include <gtest/gtest.h>

#include <vector>

namespace gradwatt {
namespace {

RunRow example() {
  RunRow run;
  run.epochs = {{0, 150.0, 1, {{"val_acc", 0.7}}, true},
                {1, 100.0, 1, {{"val_acc", 0.9}}, true},
                {2, 104.0, 1, {{"val_acc", 0.91}}, true}};
  run.outside_epochs_j = 20;
  return run;
}

const GoalLine kGoalLine{"val_acc", 0.9, false};

TEST(EnergyToGoal, StopsWithTheFirstEpochThatReachesIt) {
  const auto cost = cost_to_goal(example(), kGoalLine);
  ASSERT_TRUE(cost.has_value());
  EXPECT_EQ(cost->epochs, 2);
  EXPECT_DOUBLE_EQ(cost->energy_j.value(), 270);
  EXPECT_TRUE(cost->outside_epochs_known);
}

TEST(EnergyToGoal, HasNoValueWhenTheGoalIsNotReached) {
  EXPECT_FALSE(cost_to_goal(example(), {"val_acc", 0.95, false}).has_value());
  EXPECT_FALSE(cost_to_goal(RunRow{}, kGoalLine).has_value());
}

TEST(EnergyToGoal, IsUnknownWhenAnEpochOnTheWayIs) {
  RunRow run = example();
  run.epochs[0].energy_j.reset();
  EXPECT_EQ(cost_to_goal(run, kGoalLine).value().epochs, 2);
  EXPECT_FALSE(cost_to_goal(run, kGoalLine).value().energy_j.has_value());
}

TEST(EnergyToGoal, CountsTheEnergyOfAnEpochThatBeganAnewButNotTheEpoch) {
  RunRow run = example();
  run.epochs[0].complete = false;
  EXPECT_EQ(cost_to_goal(run, kGoalLine).value().epochs, 1);
  EXPECT_DOUBLE_EQ(cost_to_goal(run, kGoalLine).value().energy_j.value(), 270);
}

TEST(EnergyToGoal, SaysWhenTheEnergyOutsideEpochsIsNotKnown) {
  RunRow run = example();
  run.outside_epochs_j.reset();
  EXPECT_FALSE(cost_to_goal(run, kGoalLine).value().outside_epochs_known);
  EXPECT_FALSE(energy_spent(run).has_value());
}

TEST(EnergyToGoal, SpendsAllEpochsAndWhatLiesOutside) {
  RunRow run = example();
  EXPECT_DOUBLE_EQ(energy_spent(run).value(), 374);
  run.total_j = 380;
  EXPECT_DOUBLE_EQ(energy_spent(run).value(), 380);
}

TEST(EnergyToGoal, ExpectsMissedTriesBeforeOneThatReachesIt) {
  EXPECT_DOUBLE_EQ(expected_energy(std::vector{100.0, 120.0}, std::vector{300.0}), 260);
  EXPECT_DOUBLE_EQ(expected_energy(std::vector{100.0, 120.0}, {}), 110);
}

}  // namespace
}  // namespace gradwatt
