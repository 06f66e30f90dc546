#include "analyze/advice.h"

#include "analyze/recommendation.h"
#include "analyze/study1_table_test.h"
#include "analyze/sweep_rows_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

std::vector<std::string> rules(const Recommendation& recommendation) {
  std::vector<std::string> names;
  for (const Advice& advice : recommendation.advice) {
    names.emplace_back(rule_of(advice));
  }
  return names;
}

Recommendation on_table2(const char* dataset, const char* device) {
  return recommend(grid_of(study1_table2(dataset, device), {}, std::nullopt), {});
}

TEST(Advice, NamesTheBatchThatMakesEpochsCheaper) {
  const Recommendation result = on_table2("pamap2", "cuda");
  EXPECT_THAT(rules(result), testing::ElementsAre("use-setup", "cheaper-epochs", "run-again"));
  EXPECT_NEAR(result.advice[1].saving.value().value, 0.717, 0.0005);
  EXPECT_EQ(std::get<UseValue>(result.advice[1].what).setups, 4);
}

TEST(Advice, OnTable2dIsThatThereIsNothingToGain) {
  EXPECT_THAT(rules(on_table2("celeba", "mps")), testing::ElementsAre("nothing-to-gain"));
}

TEST(Advice, SendsTheReaderBackToTheOddNumber) {
  EXPECT_THAT(rules(on_table2("pamap2", "mps")), testing::Contains("check-number"));
}

TEST(Advice, SplitsIntoCheaperAndFewerEpochs) {
  std::vector<RunRow> runs;
  int energy_j = 400;
  for (const char* batch : {"64", "256", "1024"}) {
    energy_j /= 2;
    int epochs = 24;
    for (const char* lr : {"0.1", "0.01", "0.001"}) {
      epochs /= 2;
      runs.push_back(made_up_run(batch, lr, 0, {1.0 * energy_j, 20, epochs, 0}));
    }
  }
  const Grid grid = grid_of(runs,
                            {{"batch", {"64", "256", "1024"}}, {"lr", {"0.1", "0.01", "0.001"}}},
                            Goal{"val_acc", 0.9, std::nullopt, false});
  const Recommendation result = recommend(grid, {});
  EXPECT_THAT(rules(result),
              testing::ElementsAre(
                  "use-setup", "cheaper-epochs", "fewer-epochs", "stop-earlier", "run-again"));
  EXPECT_NEAR(result.advice[1].saving.value().value, 0.75, 1e-12);
  EXPECT_NEAR(result.advice[2].saving.value().value, 0.75, 1e-12);
  // In each training, against 12 epochs of 200 J: 3 of 50 J; 12 of 50 J; 3 of 200 J.
  EXPECT_NEAR(result.advice[0].saved.value(), 2250, 1e-9);
  EXPECT_NEAR(result.advice[1].saved.value(), 1800, 1e-9);
  EXPECT_NEAR(result.advice[2].saved.value(), 1800, 1e-9);
  // 17 of the best setup's 20 epochs of 50 J came after its best.
  EXPECT_NEAR(result.advice[3].saved.value(), 850, 1e-9);
  // Three fresh runs each of 20 epochs at 50 J and at 200 J.
  EXPECT_NEAR(result.advice[4].cost_j.value(), 15'000, 1e-9);
}

/// Repeats of a made-up training that end at the goal, with a little scatter.
void add_runs(std::vector<RunRow>& runs,
              const std::string& batch,
              double epoch_j,
              int epochs,
              double accuracy) {
  for (int repeat = 0; repeat < 3; ++repeat) {
    RunRow run =
        made_up_run(batch, "0.1", repeat, {epoch_j * (1 + 0.01 * repeat), epochs, epochs, 0});
    run.epochs.back().metrics["val_acc"] = accuracy;
    runs.push_back(std::move(run));
  }
}

TEST(Advice, ProposesABatchSizeBetweenThoseThatWereTested) {
  std::vector<RunRow> runs;
  // e(B) = 10 + 5120 / B, N(B) = 8 (1 + B / 512): B* = 512, and 64 and 4096 cost far more.
  for (const auto& [batch, epochs] :
       {std::pair{32, 8}, std::pair{64, 9}, std::pair{4096, 72}, std::pair{8192, 136}}) {
    add_runs(runs, std::to_string(batch), 10 + 5120.0 / batch, epochs, 0.9);
  }
  const Recommendation result = recommend(grid_of(runs, {}, kAccuracyGoal), {});
  ASSERT_THAT(rules(result), testing::Contains("try-batch"));
  for (const Advice& advice : result.advice) {
    if (const auto* use = std::get_if<TryBatch>(&advice.what)) {
      EXPECT_EQ(use->batch, 512);
      EXPECT_EQ(advice.evidence, Evidence::c);
      EXPECT_GT(advice.saving.value().value, 0.5);
    }
  }
}

TEST(Advice, KeepsADefaultThatIsTheBest) {
  std::vector<RunRow> runs;
  add_runs(runs, "64", 50, 4, 0.9);
  add_runs(runs, "256", 60, 4, 0.9);
  add_runs(runs, "1024", 200, 4, 0.9);
  const Recommendation result = recommend(grid_of(runs, {}, kAccuracyGoal), {});
  EXPECT_TRUE(is_default_best(result));
  EXPECT_THAT(rules(result), testing::ElementsAre("keep-setup", "drop-setups", "run-again"));
  EXPECT_FALSE(result.advice.front().saved.has_value()) << "nobody would save it";
  EXPECT_THAT(std::get<RunAgain>(result.advice.back().what).setups, testing::ElementsAre(0, 1))
      << "the best and the second, not the worst";
}

TEST(Advice, TellsWhatACheaperSetupCostsInAccuracy) {
  std::vector<RunRow> runs;
  add_runs(runs, "64", 100, 4, 0.95);
  add_runs(runs, "256", 50, 4, 0.91);
  const Grid grid = grid_of(runs, {}, std::nullopt);
  EXPECT_EQ(grid.metric, "val_acc");
  const Recommendation result = recommend(grid, {});
  ASSERT_EQ(rules(result).front(), "use-setup");
  EXPECT_NEAR(result.advice.front().metric_change.value(), -0.04, 1e-12);
}

TEST(Advice, LeavesOutSetupsThatNeverGetThereOrAreShownToCostMore) {
  std::vector<RunRow> runs;
  add_runs(runs, "64", 100, 4, 0.9);
  add_runs(runs, "256", 50, 4, 0.9);
  add_runs(runs, "1024", 200, 4, 0.9);
  add_runs(runs, "4096", 10, 4, 0.5);
  const Recommendation result = recommend(grid_of(runs, {}, kAccuracyGoal), {});
  ASSERT_THAT(rules(result), testing::Contains("drop-setups"));
  for (const Advice& advice : result.advice) {
    if (const auto* drop = std::get_if<DropSetups>(&advice.what)) {
      EXPECT_THAT(drop->setups, testing::ElementsAre(2, 3)) << "64 is the user's own";
      EXPECT_NEAR(advice.saved.value(), 3 * 4 * 1.01 * (200 + 10), 1e-6);
    }
  }
}

TEST(Advice, LooksAtWhatRunsSpentBesideTraining) {
  std::vector<RunRow> runs;
  add_runs(runs, "64", 100, 4, 0.9);
  for (RunRow& run : runs) {
    run.outside_epochs_j = 100;
    for (EpochRow& epoch : run.epochs) {
      epoch.eval_j = 10;
      epoch.duration_s = 10;
      epoch.metrics["starved_s"] = 4;
    }
  }
  const Recommendation result = recommend(grid_of(runs, {}, kAccuracyGoal), {});
  EXPECT_THAT(rules(result), testing::ElementsAre("feed-faster", "cut-overhead"));
  EXPECT_NEAR(result.advice[0].saving.value().value, 0.4, 1e-12);
  EXPECT_NEAR(result.advice[1].saving.value().value, 0.28, 0.005);
}

TEST(Advice, SaysThatDevicesIdleUnlessTheTrainingSaysWhy) {
  std::vector<RunRow> runs;
  add_runs(runs, "64", 100, 4, 0.9);
  for (RunRow& run : runs) {
    run.idle_share = 0.25;
  }
  Recommendation result = recommend(grid_of(runs, {}, kAccuracyGoal), {});
  ASSERT_THAT(rules(result), testing::ElementsAre("keep-busy"));
  EXPECT_NEAR(result.advice[0].saving.value().value, 0.25, 1e-12);
  for (RunRow& run : runs) {
    run.epochs[0].duration_s = 10;
    run.epochs[0].metrics["starved_s"] = 4;
  }
  result = recommend(grid_of(runs, {}, kAccuracyGoal), {});
  EXPECT_THAT(rules(result), testing::ElementsAre("feed-faster"));
}

TEST(Advice, CarriesTheRunsBehindIt) {
  for (const Advice& advice : on_table2("pamap2", "mps").advice) {
    EXPECT_FALSE(advice.runs.empty());
  }
}

TEST(Advice, IsSilentWithoutData) {
  EXPECT_TRUE(recommend(grid_of({}, {}, std::nullopt), {}).advice.empty());
}

}  // namespace
}  // namespace gradwatt
