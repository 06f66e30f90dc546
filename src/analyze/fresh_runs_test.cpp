#include "analyze/recommendation.h"
#include "analyze/sweep_rows_test.h"

#include <gtest/gtest.h>

#include <set>

namespace gradwatt {
namespace {

using Factors = std::vector<std::pair<std::string, std::string>>;

/// Fresh runs of the setups that a grid's recommendation was about; only luck differs.
Grid fresh_grid(const Grid& grid, const Recommendation& before, std::uint64_t seed, double cv) {
  std::mt19937_64 random(seed);
  std::set<std::size_t> chosen{*before.best, before.comparisons.front().against};
  if (before.default_setup) {
    chosen.insert(*before.default_setup);
  }
  std::vector<RunRow> runs;
  for (const std::size_t setup : chosen) {
    const auto& place = grid.setups[setup].place;
    for (int repeat = 0; repeat < 3; ++repeat) {
      runs.push_back(made_up_run(grid.axes[0].values[place[0]],
                                 grid.axes[1].values[place[1]],
                                 repeat,
                                 {100 * std::exp(cv * drawn_normal(random)), 10, 5, 0}));
    }
  }
  return grid_of(runs, grid.axes, kAccuracyGoal);
}

// The law that keeps the reader from chasing luck.
TEST(FreshRuns, OfEqualSetupsHardlyEverShowASaving) {
  constexpr int kGrids = 400;
  for (const double cv : {0.03, 0.1, 0.4}) {
    int shown = 0;
    int level_a = 0;
    double looked = 0;
    for (int i = 0; i < kGrids; ++i) {
      const auto seed = static_cast<std::uint64_t>(1000 * cv * kGrids + i);
      const Grid grid = grid_of(null_grid(seed, 2, cv), {}, kAccuracyGoal);
      const Recommendation before = recommend(grid, {});
      looked += before.against_worst.value().saving();
      const Grid fresh = fresh_grid(grid, before, seed + 7'000'000, cv);
      const Recommendation after = recommend(grid, {}, &fresh);
      for (const Advice& advice : after.advice) {
        level_a += advice.evidence == Evidence::a ? 1 : 0;
      }
      const SetupComparison& runner_up = after.comparisons.front();
      EXPECT_TRUE(runner_up.is_fresh);
      shown += runner_up.saving_interval().value().lo > 0 ? 1 : 0;
    }
    EXPECT_LE(level_a, 0.05 * kGrids) << "cv " << cv;
    EXPECT_LE(shown, 0.05 * kGrids) << "cv " << cv;
    EXPECT_GT(looked / kGrids, cv) << "the best looked much cheaper than the worst by luck alone";
  }
}

TEST(FreshRuns, ShowARealSavingAtLevelA) {
  std::vector<RunRow> runs;
  std::vector<RunRow> again;
  for (int repeat = 0; repeat < 3; ++repeat) {
    for (const auto& [batch, epoch_j] : {std::pair{"64", 100.0}, std::pair{"256", 60.0}}) {
      runs.push_back(made_up_run(batch, "0.1", repeat, {epoch_j + repeat, 5, 5, 0}));
      again.push_back(made_up_run(batch, "0.1", repeat, {epoch_j + 10 - repeat, 5, 5, 0}));
    }
  }
  const Grid grid = grid_of(runs, {}, kAccuracyGoal);
  EXPECT_EQ(recommend(grid, {}).evidence, Evidence::b);
  const Grid fresh = grid_of(again, grid.axes, kAccuracyGoal);
  const Recommendation result = recommend(grid, {}, &fresh);
  EXPECT_EQ(result.evidence, Evidence::a);
  EXPECT_TRUE(result.against_default.value().is_fresh);
  EXPECT_NEAR(result.against_default->saving(), 1 - 69.0 / 109, 0.001) << "of those runs alone";
}

TEST(FreshRuns, MayTakeBackWhatTheGridSaid) {
  std::vector<RunRow> runs;
  std::vector<RunRow> again;
  for (int repeat = 0; repeat < 3; ++repeat) {
    runs.push_back(made_up_run("64", "0.1", repeat, {100.0 + repeat, 5, 5, 0}));
    runs.push_back(made_up_run("256", "0.1", repeat, {90.0 + repeat, 5, 5, 0}));
    again.push_back(made_up_run("64", "0.1", repeat, {100.0 + 3 * repeat, 5, 5, 0}));
    again.push_back(made_up_run("256", "0.1", repeat, {101.0 + 3 * repeat, 5, 5, 0}));
  }
  const Grid grid = grid_of(runs, {}, kAccuracyGoal);
  const Grid fresh = grid_of(again, grid.axes, kAccuracyGoal);
  const Recommendation result = recommend(grid, {}, &fresh);
  EXPECT_EQ(result.evidence, Evidence::d);
  EXPECT_TRUE(is_default_tied(result)) << "no reason to change";
}

}  // namespace
}  // namespace gradwatt
