#include "analyze/setup_result.h"

#include "analyze/sweep_rows_test.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

const std::optional<GoalLine> kWanted = GoalLine{"val_acc", 0.9, false};

SetupResult result_for(const std::vector<RunRow>& runs,
                       const std::optional<GoalLine>& goal = kWanted) {
  std::vector<const RunRow*> pointers;
  for (const RunRow& run : runs) {
    pointers.push_back(&run);
  }
  return result_of(pointers, {.goal = goal});
}

RunRow run_of(const MadeUpTraining& training, RunOutcome outcome = RunOutcome::finished) {
  RunRow run = made_up_run("64", "0.1", 0, training);
  run.outcome = outcome;
  return run;
}

TEST(SetupResult, AveragesItsRepeats) {
  const SetupResult result = result_for({run_of({100, 10, 4, 0}), run_of({100, 10, 9, 0})});
  EXPECT_EQ(result.state, SetupState::measured);
  EXPECT_DOUBLE_EQ(result.epochs_needed.value().value, 6);
  EXPECT_NEAR(result.energy_to_goal_j.value().value, 600, 1e-9);
  EXPECT_TRUE(result.energy_to_goal_j.value().interval.has_value());
  EXPECT_EQ(result.energy_to_goal_j.value().n, 2);
  EXPECT_DOUBLE_EQ(result.energy_spent_j.value(), 1000);
}

TEST(SetupResult, HasNoIntervalWithOneRepeat) {
  const SetupResult result = result_for({run_of({100, 10, 4, 0})});
  EXPECT_FALSE(result.energy_to_goal_j.value().interval.has_value());
  EXPECT_FALSE(result.energy_per_epoch_j.value().interval.has_value());
}

TEST(SetupResult, ExpectsMoreEnergyWhenARepeatMissedTheGoal) {
  const SetupResult result =
      result_for({run_of({100, 10, 1, 0}), run_of({120, 10, 1, 0}), run_of({30, 10, 0, 0})});
  EXPECT_EQ(result.state, SetupState::partly_reached);
  EXPECT_EQ(result.reached, 2);
  EXPECT_EQ(result.finished, 3);
  EXPECT_DOUBLE_EQ(result.energy_to_goal_j.value().value, 260);
  EXPECT_FALSE(result.energy_to_goal_j.value().interval.has_value());
}

TEST(SetupResult, TellsNotReachedFailedUnfinishedAndNotRunApart) {
  EXPECT_EQ(result_for({run_of({100, 10, 0, 0})}).state, SetupState::not_reached);
  EXPECT_EQ(result_for({run_of({}, RunOutcome::failed)}).state, SetupState::failed);
  EXPECT_EQ(result_for({run_of({}, RunOutcome::unfinished)}).state, SetupState::unfinished);
  EXPECT_EQ(result_for({}).state, SetupState::not_run);
}

TEST(SetupResult, CountsAFailedRepeatBesideAFinishedOne) {
  const SetupResult result = result_for({run_of({}), run_of({}, RunOutcome::failed)});
  EXPECT_EQ(result.state, SetupState::measured);
  EXPECT_EQ(result.failed, 1);
  EXPECT_EQ(result.runs.size(), 1U);
}

TEST(SetupResult, SaysWhenTheEnergyIsNotKnown) {
  RunRow run = run_of({});
  for (EpochRow& epoch : run.epochs) {
    epoch.energy_j.reset();
  }
  EXPECT_EQ(result_for({run}).state, SetupState::no_energy);
  EXPECT_EQ(result_for({run}, std::nullopt).state, SetupState::no_energy);
}

TEST(SetupResult, NeedsNoGoalToKnowTheEnergyPerEpoch) {
  const SetupResult result = result_for({run_of({70, 3, 0, 0})}, std::nullopt);
  EXPECT_EQ(result.state, SetupState::measured);
  EXPECT_DOUBLE_EQ(result.energy_per_epoch_j.value().value, 70);
  EXPECT_FALSE(result.energy_to_goal_j.has_value());
}

}  // namespace
}  // namespace gradwatt
