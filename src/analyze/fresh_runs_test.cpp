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
      shown += runner_up.evidence < Evidence::c ? 1 : 0;
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
  EXPECT_FALSE(result.overruled.has_value());
}

/// Three repeats of batches with about these energies per epoch; later repeats are other runs.
std::vector<RunRow> repeats_of(const std::vector<std::pair<const char*, double>>& batches,
                               int first_repeat,
                               int repeats,
                               double step_j = 1) {
  std::vector<RunRow> runs;
  for (int repeat = first_repeat; repeat < first_repeat + repeats; ++repeat) {
    for (const auto& [batch, epoch_j] : batches) {
      const double energy_j = epoch_j + step_j * (repeat - first_repeat);
      runs.push_back(made_up_run(batch, "0.1", repeat, {energy_j, 5, 5, 0}));
    }
  }
  return runs;
}

Grid swept_grid() {
  return grid_of(repeats_of({{"64", 100}, {"256", 90}, {"1024", 200}}, 0, 3), {}, kAccuracyGoal);
}

Recommendation confirmed_by(const std::vector<RunRow>& again) {
  const Grid grid = swept_grid();
  const Grid fresh = grid_of(again, grid.axes, kAccuracyGoal);
  return recommend(grid, {}, &fresh);
}

const Advice* advice_named(const Recommendation& recommendation, const std::string& rule) {
  for (const Advice& advice : recommendation.advice) {
    if (rule == rule_of(advice)) {
      return &advice;
    }
  }
  return nullptr;
}

TEST(FreshRuns, OverruleAChoiceThatTheyShowToCostMore) {
  const Recommendation result = confirmed_by(repeats_of({{"64", 100}, {"256", 120}}, 3, 3));
  EXPECT_EQ(result.best, 0U) << "64, which is the default";
  ASSERT_TRUE(result.overruled.has_value());
  EXPECT_EQ(result.overruled->against, 1U);
  EXPECT_NEAR(result.overruled->saving(), 1 - 101.0 / 121, 0.001);
  EXPECT_EQ(result.overruled->evidence, Evidence::b) << "chosen from these very runs";
  EXPECT_TRUE(result.tied.empty());
  EXPECT_FALSE(result.regret_max.has_value());
  EXPECT_TRUE(is_default_best(result));
  EXPECT_EQ(advice_named(result, "use-setup"), nullptr);
  EXPECT_EQ(advice_named(result, "run-again"), nullptr) << "it is settled";
  for (const Advice& advice : result.advice) {
    EXPECT_NE(advice.evidence, Evidence::a);
  }
}

TEST(FreshRuns, NameWhatLookedCheaperThanTheSetupThatTheyChose) {
  std::vector<RunRow> runs = repeats_of({{"64", 100}, {"256", 90}, {"1024", 95}}, 0, 3);
  const Grid grid = grid_of(runs, {}, kAccuracyGoal);
  const Grid fresh =
      grid_of(repeats_of({{"64", 100}, {"256", 120}}, 3, 3), grid.axes, kAccuracyGoal);
  const Recommendation result = recommend(grid, {}, &fresh);
  EXPECT_EQ(result.best, 0U);
  EXPECT_EQ(result.cheaper_in_grid, std::vector<std::size_t>{2});
  EXPECT_EQ(result.worst, 1U) << "what the best saves most against";
}

TEST(FreshRuns, AreThoseBehindTheAdviceThatRestsOnThem) {
  const Recommendation result = confirmed_by(repeats_of({{"64", 100}, {"256", 80}}, 3, 3));
  const Advice* use = advice_named(result, "use-setup");
  ASSERT_NE(use, nullptr);
  EXPECT_EQ(use->evidence, Evidence::a);
  EXPECT_EQ(use->runs,
            (std::vector<std::string>{
                "256/0.1#3", "256/0.1#4", "256/0.1#5", "64/0.1#3", "64/0.1#4", "64/0.1#5"}));
  EXPECT_NEAR(use->saved.value(), 5 * 20, 0.1) << "of what the fresh runs needed";
  EXPECT_EQ(advice_named(result, "run-again"), nullptr) << "it is settled";
}

TEST(FreshRuns, ThatDoNotSettleItSayHowManyMoreDo) {
  const Recommendation open = confirmed_by(repeats_of({{"64", 100}, {"256", 99}}, 3, 3, 6));
  const Advice* again = advice_named(open, "run-again");
  ASSERT_NE(again, nullptr);
  const auto& asked = std::get<RunAgain>(again->what);
  EXPECT_EQ(asked.so_far.made, 3);
  EXPECT_GT(asked.fresh_runs, 1);
  EXPECT_NEAR(asked.so_far.to_show, 0.05, 1e-12);
  EXPECT_EQ(again->runs.front(), "256/0.1#3");
  const Recommendation two = confirmed_by(repeats_of({{"64", 100}, {"256", 80}}, 3, 2));
  ASSERT_NE(advice_named(two, "run-again"), nullptr);
  EXPECT_EQ(std::get<RunAgain>(advice_named(two, "run-again")->what).fresh_runs, 1)
      << "for level A";
}

}  // namespace
}  // namespace gradwatt
