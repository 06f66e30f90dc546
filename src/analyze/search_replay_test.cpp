#include "analyze/search_replay.h"

#include "analyze/recorded_training_test.h"
#include "analyze/replay_summary.h"
#include "base/error.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

const Goal kReach{"val_acc", 0.9, std::nullopt, false};

/// Two batches by two rates, twice: the large batch with the larger rate needs the least.
std::vector<RunRow> recorded_grid() {
  std::vector<RunRow> runs;
  for (int repeat = 0; repeat < 2; ++repeat) {
    for (const auto& [batch, joules] : {std::pair("64", 8.0), std::pair("512", 2.0)}) {
      for (const auto& [rate, epochs] : {std::pair("1e-2", 20), std::pair("1e-3", 35)}) {
        RunRow run = recorded_training(joules, rising(0.95, epochs + repeat, 50));
        run.factors = {{"batch", batch}, {"lr", rate}};
        run.repeat = repeat;
        runs.push_back(run);
      }
    }
  }
  return runs;
}

SearchRules rules_of(SearchStrategy strategy) {
  SearchRules rules;
  rules.strategy = strategy;
  rules.goal = kReach;
  rules.epochs_max = 50;
  return rules;
}

TEST(RecordedPiece, IsStoppedWithinAnEpochAtItsCap) {
  const RunRow run = recorded_training(10, rising(0.95, 10, 10), 5);
  SearchStep step;
  step.goal = GoalLine{"val_acc", 0.9, false};
  step.cap_j = 32;
  const SearchPiece piece = recorded_piece(run, step, 0);
  EXPECT_EQ(piece.end, PieceEnd::stopped);
  EXPECT_DOUBLE_EQ(piece.total_j, 32);
  ASSERT_EQ(piece.epochs.size(), 3U);
  EXPECT_FALSE(piece.epochs.back().complete);
  EXPECT_DOUBLE_EQ(*piece.epochs.back().energy_j, 7);
}

TEST(RecordedPiece, PausesAfterItsEpochsAndEndsAtTheGoal) {
  const RunRow run = recorded_training(10, rising(0.95, 10, 12));
  SearchStep step;
  step.goal = GoalLine{"val_acc", 0.9, false};
  step.epochs = 4;
  EXPECT_EQ(recorded_piece(run, step, 2).epochs.size(), 2U);
  EXPECT_EQ(recorded_piece(run, step, 2).end, PieceEnd::paused);
  step.epochs = 100;
  EXPECT_EQ(recorded_piece(run, step, 2).epochs.size(), 8U) << "epoch 10 reaches 0.9";
  EXPECT_EQ(recorded_piece(run, step, 2).end, PieceEnd::finished);
}

TEST(RecordedGrid, ComparesStrategiesByShareAndRegret) {
  const auto runs = recorded_grid();
  const RecordedGrid recorded(runs, {}, kReach);
  const ReplaySummary grid = recorded.replay(rules_of(SearchStrategy::grid));
  EXPECT_EQ(grid.found(), 2);
  EXPECT_DOUBLE_EQ(grid.share_mean(), 1);
  EXPECT_DOUBLE_EQ(*grid.regret_max(), 0);
  const ReplaySummary joule = recorded.replay(rules_of(SearchStrategy::joule_halving));
  EXPECT_DOUBLE_EQ(*joule.regret_max(), 0);
  EXPECT_LT(joule.share_max(), 0.2);
}

TEST(RecordedGrid, RefusesWhatHoldsNoCurves) {
  std::vector<RunRow> runs(1);
  runs[0].factors = {{"batch", "64"}};
  EXPECT_THROW(RecordedGrid(runs, {}, kReach), UsageError);
  runs = recorded_grid();
  runs[0].epochs[3].energy_j.reset();
  EXPECT_THROW(RecordedGrid(runs, {}, kReach), UsageError);
  EXPECT_THROW(RecordedGrid(recorded_grid(), {}, {"val_acc", 0.99, std::nullopt, false}),
               UsageError);
}

TEST(RecordedGrid, GroupsSetupsByTheAxesThatCost) {
  const auto runs = recorded_grid();
  const RecordedGrid recorded(runs, {}, kReach);
  EXPECT_EQ(recorded.groups_by({"batch"}), (std::vector<std::size_t>{0, 0, 1, 1}));
  EXPECT_THROW((void)recorded.groups_by({"bacth"}), UsageError);
  EXPECT_EQ(cost_axes(recorded.grid().axes), std::vector<std::string>{"batch"});
}

}  // namespace
}  // namespace gradwatt
