#include "analyze/recommendation.h"

#include "analyze/study1_table_test.h"
#include "analyze/sweep_rows_test.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace gradwatt {
namespace {

Recommendation by_epoch_energy(const char* dataset, const char* device) {
  return recommend(grid_of(study1_table2(dataset, device), {}, std::nullopt), {});
}

/// Batch drives the energy of an epoch and the learning rate how many there are.
std::vector<RunRow> product_grid(int repeats, double jitter) {
  std::vector<RunRow> runs;
  const std::vector<std::pair<std::string, double>> batches{
      {"64", 200}, {"256", 100}, {"1024", 50}};
  const std::vector<std::pair<std::string, int>> rates{{"0.1", 12}, {"0.01", 6}, {"0.001", 3}};
  for (const auto& [batch, epoch_j] : batches) {
    for (const auto& [lr, epochs] : rates) {
      for (int repeat = 0; repeat < repeats; ++repeat) {
        const double noise = 1 + jitter * (repeat % 2 == 0 ? 1 : -1);
        runs.push_back(made_up_run(batch, lr, repeat, {epoch_j * noise, 20, epochs, 0}));
      }
    }
  }
  return runs;
}

Grid product(int repeats = 1, double jitter = 0) {
  return grid_of(product_grid(repeats, jitter),
                 {{"batch", {"64", "256", "1024"}}, {"lr", {"0.1", "0.01", "0.001"}}},
                 kAccuracyGoal);
}

TEST(Recommendation, SavesWhatStudy1Saves) {
  EXPECT_NEAR(by_epoch_energy("pamap2", "cuda").against_worst.value().saving(), 0.721, 0.0005);
  EXPECT_NEAR(by_epoch_energy("celeba", "cuda").against_worst.value().saving(), 0.139, 0.0005);
  EXPECT_NEAR(by_epoch_energy("pamap2", "mps").against_worst.value().saving(), 0.437, 0.0005);
  EXPECT_NEAR(by_epoch_energy("celeba", "mps").against_worst.value().saving(), 0.025, 0.0005);
}

TEST(Recommendation, FindsNothingToGainOnlyInTable2d) {
  EXPECT_EQ(by_epoch_energy("celeba", "mps").verdict, Verdict::nothing_to_gain);
  EXPECT_EQ(by_epoch_energy("pamap2", "cuda").verdict, Verdict::use_best);
  EXPECT_EQ(by_epoch_energy("celeba", "cuda").verdict, Verdict::use_best);
  EXPECT_EQ(by_epoch_energy("pamap2", "mps").verdict, Verdict::use_best);
}

TEST(Recommendation, PicksTheLeastEnergyToTheGoal) {
  const Grid grid = product();
  const Recommendation result = recommend(grid, {});
  ASSERT_EQ(result.verdict, Verdict::use_best);
  EXPECT_EQ(grid.setups[result.best.value()].place, (std::vector<std::size_t>{2, 2}));
  EXPECT_EQ(grid.setups[result.worst.value()].place, (std::vector<std::size_t>{0, 0}));
  EXPECT_EQ(result.default_setup, result.worst);
  EXPECT_NEAR(result.against_default.value().saving(), 1 - 150.0 / 2400, 1e-12);
  EXPECT_NEAR(result.against_default.value().split.value().epoch_energy.value, 0.25, 1e-12);
  EXPECT_NEAR(result.against_default.value().split.value().epochs.value, 0.25, 1e-12);
  EXPECT_TRUE(result.tied.empty());
}

TEST(Recommendation, IsAtMostLevelDFromSingleRuns) {
  const Recommendation result = recommend(product(), {});
  EXPECT_EQ(result.evidence, Evidence::d);
  EXPECT_FALSE(result.against_worst.value().saving_interval().has_value());
  for (const Advice& advice : result.advice) {
    EXPECT_EQ(advice.evidence, Evidence::d);
    EXPECT_FALSE(advice.saving && advice.saving->interval);
  }
}

TEST(Recommendation, IsLevelBFromRepeatsThatAgree) {
  const Recommendation result = recommend(product(3, 0.01), {});
  EXPECT_EQ(result.evidence, Evidence::b);
  ASSERT_TRUE(result.against_default.value().saving_interval().has_value());
  EXPECT_LT(result.against_default->saving_interval()->lo, result.against_default->saving());
  EXPECT_GT(result.against_default->saving_interval()->hi, result.against_default->saving());
  EXPECT_LT(result.against_default->p_holm.value(), 0.05);
}

TEST(Recommendation, CallsWithinFivePercentATieWhenThereIsNoInterval) {
  std::vector<RunRow> runs = product_grid(1, 0);
  for (EpochRow& epoch : runs[7].epochs) {
    epoch.energy_j = 26;  // 6 epochs of 26 J against 3 of 50 J: 4 % more.
  }
  const Recommendation result = recommend(grid_of(runs, {}, kAccuracyGoal), {});
  ASSERT_EQ(result.tied.size(), 1U);
  EXPECT_FALSE(result.tied[0].by_interval);
}

TEST(Recommendation, CallsAnIntervalThatIncludesOneATie) {
  std::vector<RunRow> runs;
  for (const auto& [lr, first, second] : {std::tuple{"0.1", 100.0, 130.0},
                                          std::tuple{"0.01", 110.0, 140.0},
                                          std::tuple{"0.001", 990.0, 1010.0}}) {
    runs.push_back(made_up_run("64", lr, 0, {first, 5, 2, 0}));
    runs.push_back(made_up_run("64", lr, 1, {second, 5, 2, 0}));
  }
  const Grid grid =
      grid_of(runs, {{"batch", {"64"}}, {"lr", {"0.1", "0.01", "0.001"}}}, kAccuracyGoal);
  const Recommendation result = recommend(grid, {});
  ASSERT_EQ(result.tied.size(), 1U);
  EXPECT_EQ(result.tied[0].setup, 1U);
  EXPECT_TRUE(result.tied[0].by_interval);
}

TEST(Recommendation, UsesTheDefaultThatTheSweepNames) {
  const std::vector<std::pair<std::string, std::string>> named{{"batch", "256"}, {"lr", "0.01"}};
  const Recommendation result = recommend(product(), named);
  EXPECT_TRUE(result.default_named);
  EXPECT_NEAR(result.against_default.value().saving(), 1 - 150.0 / 600, 1e-12);
  const std::vector<std::pair<std::string, std::string>> best{{"batch", "1024"}, {"lr", "0.001"}};
  EXPECT_FALSE(recommend(product(), best).against_default.has_value());
}

TEST(Recommendation, SaysWhyThereIsNotEnoughData) {
  const auto lack_of_runs = [](std::vector<RunRow> runs, std::optional<Goal> goal) {
    const Recommendation result = recommend(grid_of(runs, {}, std::move(goal)), {});
    EXPECT_EQ(result.verdict, Verdict::not_enough_data);
    return result.lack;
  };
  EXPECT_EQ(lack_of_runs({}, kAccuracyGoal), Lack::nothing_finished);
  RunRow failed = made_up_run("64", "0.1", 0, {});
  failed.outcome = RunOutcome::failed;
  EXPECT_EQ(lack_of_runs({failed}, kAccuracyGoal), Lack::nothing_finished);
  const RunRow missed = made_up_run("64", "0.1", 0, {100, 5, 0, 0});
  EXPECT_EQ(lack_of_runs({missed}, kAccuracyGoal), Lack::nothing_reached);
  const RunRow good = made_up_run("256", "0.1", 0, {100, 5, 1, 0});
  EXPECT_EQ(lack_of_runs({missed, good}, kAccuracyGoal), Lack::one_setup);
  RunRow dark = good;
  for (EpochRow& epoch : dark.epochs) {
    epoch.energy_j.reset();
  }
  EXPECT_EQ(lack_of_runs({dark}, kAccuracyGoal), Lack::no_energy);
  EXPECT_EQ(lack_of_runs({dark}, std::nullopt), Lack::no_energy);
}

TEST(Recommendation, KeepsItsRatiosWhenAllEnergiesAreScaled) {
  std::vector<RunRow> runs = product_grid(2, 0.03);
  for (RunRow& run : runs) {
    run.outside_epochs_j = *run.outside_epochs_j * 3.6e6;
    for (EpochRow& epoch : run.epochs) {
      epoch.energy_j = *epoch.energy_j * 3.6e6;
    }
  }
  const Grid grid = product(2, 0.03);
  const Grid scaled = grid_of(runs, grid.axes, kAccuracyGoal);
  const Recommendation one = recommend(grid, {});
  const Recommendation other = recommend(scaled, {});
  EXPECT_EQ(one.best, other.best);
  EXPECT_EQ(one.evidence, other.evidence);
  EXPECT_NEAR(one.against_worst.value().ratio.value, other.against_worst.value().ratio.value, 1e-9);
  EXPECT_NEAR(scaled.setups[*other.best].energy_to_goal_j.value().value,
              3.6e6 * grid.setups[*one.best].energy_to_goal_j.value().value,
              1e-3);
}

TEST(Recommendation, DoesNotDependOnTheOrderOfTheRuns) {
  std::vector<RunRow> runs = null_grid(7, 2, 0.1);
  const Recommendation one = recommend(grid_of(runs, {}, kAccuracyGoal), {});
  std::reverse(runs.begin(), runs.end());
  const Recommendation other = recommend(grid_of(runs, {}, kAccuracyGoal), {});
  EXPECT_EQ(one.best, other.best);
  EXPECT_EQ(one.worst, other.worst);
  EXPECT_EQ(one.tied.size(), other.tied.size());
  EXPECT_EQ(one.against_worst.value().ratio.value, other.against_worst.value().ratio.value);
}

TEST(Recommendation, ClaimsNoMoreThanItMayWhenAllSetupsAreTheSame) {
  int claims = 0;
  constexpr int kGrids = 200;
  for (std::uint64_t seed = 1; seed <= kGrids; ++seed) {
    EXPECT_EQ(recommend(grid_of(null_grid(seed, 1, 0.1), {}, kAccuracyGoal), {}).evidence,
              Evidence::d);
    const Recommendation twice = recommend(grid_of(null_grid(seed, 2, 0.1), {}, kAccuracyGoal), {});
    EXPECT_NE(twice.evidence, Evidence::a);
    claims += twice.evidence == Evidence::b ? 1 : 0;
  }
  EXPECT_LE(claims, kGrids / 20);
}

}  // namespace
}  // namespace gradwatt
