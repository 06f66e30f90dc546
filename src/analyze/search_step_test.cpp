#include "analyze/search_step.h"

#include "analyze/recorded_training_test.h"
#include "analyze/search_bound.h"
#include "analyze/search_outcome.h"
#include "analyze/search_replay.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace gradwatt {
namespace {

SearchRules rules_for(SearchStrategy strategy) {
  SearchRules rules;
  rules.strategy = strategy;
  rules.goal = {"val_acc", 0.9, std::nullopt, false};
  rules.epochs_max = 100;
  if (strategy == SearchStrategy::sequential_cap) {
    rules.lag = 2;
  }
  return rules;
}

RecordedSetups pointers_to(const std::vector<RunRow>& runs) {
  RecordedSetups recorded;
  for (const RunRow& run : runs) {
    recorded.push_back(&run);
  }
  return recorded;
}

/// A small batch learns fast for each epoch and a large one for each joule: their curves cross.
std::vector<RunRow> crossing() {
  return {recorded_training(10, rising(0.95, 12, 100)),  // Reaches 0.9 with epoch 12: 120 J.
          recorded_training(10, rising(0.95, 20, 100)),  // 190 J.
          recorded_training(1, rising(0.95, 40, 100)),   // Epoch 38: 38 J.
          recorded_training(1, rising(0.7, 40, 100))};   // Never.
}

TEST(SearchStep, TrainsTheFirstSetupForAnEpochWhenNothingIsKnown) {
  const std::vector<SearchCurve> nothing(2);
  const SearchStep step = next_search_step(rules_for(SearchStrategy::joule_halving), nothing);
  EXPECT_FALSE(step.end);
  EXPECT_EQ(step.setup, 0U);
  EXPECT_EQ(step.epochs, 1);
}

TEST(SearchStep, FindsTheCheapestWhereCurvesCrossOnlyAtEqualJoules) {
  const auto runs = crossing();
  const auto joule =
      judge_search(rules_for(SearchStrategy::joule_halving),
                   replay_search(rules_for(SearchStrategy::joule_halving), pointers_to(runs)));
  ASSERT_TRUE(joule.chosen);
  EXPECT_EQ(joule.chosen->setup, 2U);
  EXPECT_DOUBLE_EQ(joule.chosen->joules, 38);
  EXPECT_LT(joule.spent_j, 4 * 38 + 40);
  EXPECT_EQ(joule.end, SearchEnd::found);
  const auto epoch =
      judge_search(rules_for(SearchStrategy::successive_halving),
                   replay_search(rules_for(SearchStrategy::successive_halving), pointers_to(runs)));
  ASSERT_TRUE(epoch.chosen);
  EXPECT_EQ(epoch.chosen->setup, 0U) << "at equal epochs the dear one is ahead";
}

TEST(SearchStep, LetsTheOthersOfARungUseAsMuchAsTheFirstToReach) {
  // 0.9 at 796 J, and at 580 J: both get there in the second rung, the dear one is trained first.
  std::vector<RunRow> runs{recorded_training(398, {0.8, 0.91, 0.92, 0.92}),
                           recorded_training(145, {0.71, 0.75, 0.81, 0.91, 0.92, 0.92}),
                           recorded_training(145, {0.3, 0.4, 0.5, 0.5, 0.5, 0.5})};
  const SearchRules rules = rules_for(SearchStrategy::joule_halving);
  const auto outcome = judge_search(rules, replay_search(rules, pointers_to(runs)));
  ASSERT_TRUE(outcome.chosen);
  EXPECT_EQ(outcome.chosen->setup, 1U);
  EXPECT_DOUBLE_EQ(outcome.chosen->joules, 580);
}

TEST(SearchStep, SparesTheRestWhenTheDefaultIsTheSlowest) {
  std::vector<RunRow> runs{recorded_training(20, rising(0.95, 50, 100)),
                           recorded_training(2, rising(0.95, 30, 100)),
                           recorded_training(1, rising(0.95, 30, 100)),
                           recorded_training(4, rising(0.95, 30, 100))};
  SearchRules rules = rules_for(SearchStrategy::sequential_cap);
  rules.groups = {0, 1, 2, 3};
  const auto outcome = judge_search(rules, replay_search(rules, pointers_to(runs)));
  ASSERT_TRUE(outcome.chosen);
  EXPECT_EQ(outcome.chosen->setup, 2U);
  // The default's 960 J, an epoch of each other one, the best's 29 J and two that are stopped.
  EXPECT_LE(outcome.spent_j, 960 + 7 + 29 + 2 * 29);
  EXPECT_GE(outcome.spent_j, 960 + 7 + 29);
}

TEST(SearchStep, StopsWhatLagsBehindTheBestLongBeforeItHasUsedAsMuch) {
  std::vector<RunRow> runs{recorded_training(1, rising(0.95, 50, 100)),
                           recorded_training(1, rising(0.1, 50, 100))};
  SearchRules rules = rules_for(SearchStrategy::sequential_cap);
  const auto with_lag = replay_search(rules, pointers_to(runs));
  rules.lag.reset();
  const auto without = replay_search(rules, pointers_to(runs));
  EXPECT_LT(with_lag[1].spent_j, 10);
  EXPECT_DOUBLE_EQ(without[1].spent_j, *joules_to(without[0], {"val_acc", 0.9, false}));
  EXPECT_EQ(with_lag[1].end, PieceEnd::stopped);
}

TEST(SearchStep, SaysSoWhenNothingReachesTheGoal) {
  std::vector<RunRow> runs{recorded_training(1, rising(0.5, 10, 40)),
                           recorded_training(2, rising(0.6, 10, 40))};
  for (const auto strategy : {SearchStrategy::grid,
                              SearchStrategy::joule_halving,
                              SearchStrategy::sequential_cap,
                              SearchStrategy::successive_halving}) {
    const SearchRules rules = rules_for(strategy);
    const auto outcome = judge_search(rules, replay_search(rules, pointers_to(runs)));
    EXPECT_EQ(outcome.end, SearchEnd::nothing_reached) << name_of(strategy);
    EXPECT_FALSE(outcome.chosen);
  }
}

TEST(SearchStep, NeverSpendsMoreThanItsBudget) {
  const auto runs = crossing();
  for (const auto strategy : {SearchStrategy::grid,
                              SearchStrategy::joule_halving,
                              SearchStrategy::sequential_cap,
                              SearchStrategy::successive_halving}) {
    SearchRules rules = rules_for(strategy);
    rules.budget_j = 33.5;
    const auto outcome = judge_search(rules, replay_search(rules, pointers_to(runs)));
    EXPECT_EQ(outcome.end, SearchEnd::budget_spent) << name_of(strategy);
    EXPECT_DOUBLE_EQ(outcome.spent_j, 33.5);
  }
}

TEST(SearchStep, EndsWhenTheTrainingsToComeCannotPayForTheNextRung) {
  SearchRules rules = rules_for(SearchStrategy::joule_halving);
  rules.baseline = true;
  std::vector<SearchCurve> curves(2);
  curves[0].end = PieceEnd::finished;
  curves[0].joules = 100;
  curves[0].points = {{0, 50, 0.5, -1}, {1, 100, 0.9, -1}};
  curves[1].end = PieceEnd::paused;
  curves[1].joules = 80;
  for (int epoch = 0; epoch < 8; ++epoch) {
    curves[1].points.push_back({epoch, 10.0 * (epoch + 1), 0.1 * epoch, epoch / 2});
  }
  EXPECT_EQ(next_search_step(rules, curves).epochs, 10) << "without a number of trainings";
  rules.trainings = 3;
  EXPECT_EQ(next_search_step(rules, curves).epochs, 10);
  rules.trainings = 2;
  EXPECT_EQ(next_search_step(rules, curves).end, SearchEnd::not_worth_more);
  rules.confirm = 1;
  EXPECT_EQ(next_search_step(rules, curves).why, "confirm 1") << "what was found is confirmed";
}

TEST(SearchStep, TrainsNoOtherSetupWhenTheOneFoundIsNotTrainedAgain) {
  const auto runs = crossing();
  for (const auto strategy : {SearchStrategy::joule_halving, SearchStrategy::sequential_cap}) {
    SearchRules rules = rules_for(strategy);
    rules.baseline = true;
    rules.trainings = 1;
    const auto once = judge_search(rules, replay_search(rules, pointers_to(runs)));
    rules.trainings = 1000;
    const auto often = judge_search(rules, replay_search(rules, pointers_to(runs)));
    EXPECT_EQ(often.chosen->setup, 2U) << name_of(strategy);
    EXPECT_EQ(often.end, SearchEnd::found);
    EXPECT_LT(once.spent_j, often.spent_j) << name_of(strategy);
    EXPECT_EQ(once.end, SearchEnd::not_worth_more);
  }
}

TEST(SearchStep, DropsWhatDivergedAndWhatStalled) {
  std::vector<double> diverging = rising(0.8, 5, 60);
  for (std::size_t i = 2; i < diverging.size(); ++i) {
    diverging[i] = std::numeric_limits<double>::quiet_NaN();
  }
  const SearchRules rules = rules_for(SearchStrategy::joule_halving);
  std::vector<RunRow> runs{recorded_training(1, diverging),
                           recorded_training(1, rising(0.95, 60, 90))};
  const auto diverged = replay_search(rules, pointers_to(runs));
  EXPECT_LE(diverged[0].points.size(), 4U);
  EXPECT_TRUE(joules_to(diverged[1], {"val_acc", 0.9, false}));
  runs[0] = recorded_training(1, rising(0.3, 5, 90));
  const auto stalled = replay_search(rules, pointers_to(runs));
  EXPECT_LE(stalled[0].points.size(), 33U);
  EXPECT_TRUE(joules_to(stalled[1], {"val_acc", 0.9, false}));
}

TEST(SearchStep, TakesTheDroppedBackWhenAllOthersAreHopeless) {
  std::vector<RunRow> runs{recorded_training(1, rising(0.5, 5, 40)),
                           recorded_training(1, rising(0.4, 5, 40)),
                           recorded_training(1, rising(0.95, 60, 90)),
                           recorded_training(1, rising(0.2, 60, 90))};
  const auto curves = replay_search(rules_for(SearchStrategy::joule_halving), pointers_to(runs));
  EXPECT_TRUE(joules_to(curves[2], {"val_acc", 0.9, false}));
}

TEST(SearchStep, EndsWhenAllHaveFailed) {
  const RecordedSetups none(3, nullptr);
  const SearchRules rules = rules_for(SearchStrategy::joule_halving);
  const auto curves = replay_search(rules, none);
  EXPECT_EQ(next_search_step(rules, curves).end, SearchEnd::nothing_reached);
}

TEST(SearchStep, LetsTheDefaultFixAGoalNearItsBest) {
  std::vector<RunRow> runs{recorded_training(5, rising(0.8, 10, 20)),
                           recorded_training(1, rising(0.85, 10, 20))};
  SearchRules rules = rules_for(SearchStrategy::joule_halving);
  rules.goal = {"val_acc", std::nullopt, 0.05, false};
  const auto curves = replay_search(rules, pointers_to(runs));
  EXPECT_EQ(curves[0].points.size(), 20U) << "to its end: its best value is the measure";
  const auto outcome = judge_search(rules, curves);
  EXPECT_DOUBLE_EQ(outcome.goal->threshold, 0.75);
  EXPECT_EQ(outcome.chosen->setup, 1U);
}

TEST(SearchStep, ConfirmsWinnerAndRunnerUpInTurns) {
  const auto runs = crossing();
  SearchRules rules = rules_for(SearchStrategy::joule_halving);
  rules.confirm = 2;
  const auto curves = replay_search(rules, pointers_to(runs));
  EXPECT_EQ(curves[2].confirmed.size(), 2U);
  std::size_t fresh = 0;
  for (const SearchCurve& curve : curves) {
    fresh += curve.confirmed.size();
  }
  EXPECT_EQ(fresh, 4U);
  EXPECT_DOUBLE_EQ(curves[2].confirmed[0].joules, 38);
  EXPECT_EQ(judge_search(rules, curves).chosen->setup, 2U);
}

TEST(SearchStep, PaysForEveryStart) {
  const auto runs = crossing();
  std::vector<RunRow> dear = crossing();
  for (RunRow& run : dear) {
    run.outside_epochs_j = 3;
  }
  const SearchRules rules = rules_for(SearchStrategy::joule_halving);
  const auto free = judge_search(rules, replay_search(rules, pointers_to(runs)));
  const auto curves = replay_search(rules, pointers_to(dear));
  EXPECT_DOUBLE_EQ(curves[2].outside_j, 3.0 * curves[2].pieces);
  EXPECT_GT(judge_search(rules, curves).chosen->joules, free.chosen->joules + 3);
}

TEST(JudgeSearch, CountsOnlyThePausesBeforeTheGoal) {
  const auto piece = [](int epoch, double metric) {
    SearchPiece one;
    one.epochs.push_back({epoch, 10.0, 1, {{"val_acc", metric}}});
    one.outside_j = 5;
    one.total_j = 15;
    return one;
  };
  const Goal goal{"val_acc", 0.9, std::nullopt, false};
  std::vector<SearchCurve> curves(2);
  curves[0] = curve_of(std::vector{piece(0, 0.95), piece(1, 0.95), piece(2, 0.95)}, goal, true);
  curves[1] = curve_of(std::vector{piece(0, 0.8), piece(1, 0.92)}, goal, true);
  EXPECT_DOUBLE_EQ(without_pauses(curves[0], 15), 15) << "the pauses came afterwards";
  EXPECT_DOUBLE_EQ(without_pauses(curves[1], 30), 25);
  EXPECT_DOUBLE_EQ(without_pauses(curves[0], 45), 35);
}

TEST(JudgeSearch, BoundsWhatAnotherSetupCanSave) {
  SearchRules rules = rules_for(SearchStrategy::sequential_cap);
  std::vector<SearchCurve> curves(2);
  curves[0].points = {{0, 50, 0.5, 0}, {1, 100, 0.95, 0}};
  curves[0].joules = curves[0].spent_j = 100;
  curves[0].end = PieceEnd::finished;
  curves[1].points = {{0, 10, 0.2, 0}, {1, 20, 0.3, 0}};
  curves[1].joules = curves[1].spent_j = 60;
  curves[1].end = PieceEnd::paused;
  curves[1].pieces = 1;
  curves[1].outside_j = 40;  // Of its 60 J: two epochs of 10 J each.
  curves[1].points = {{0, 50, 0.2, 0}, {1, 60, 0.3, 0}};
  curves[1].end = PieceEnd::stopped;
  const SearchOutcome outcome = judge_search(rules, curves);
  EXPECT_DOUBLE_EQ(*outcome.could_save, 0.4) << "stopped at 60 of 100 J";
  EXPECT_EQ(outcome.doubtful, 1U);
  EXPECT_EQ(outcome.runner_up, 1U);
  EXPECT_DOUBLE_EQ(outcome.spent_j, 160);
  // Both would have gone on to 100 epochs: 100 · 50 J, and 40 + 100 · 10 J.
  EXPECT_DOUBLE_EQ(*outcome.grid_j, 5000 + 1040);
  EXPECT_TRUE(outcome.grid_is_estimate);
}

}  // namespace
}  // namespace gradwatt
