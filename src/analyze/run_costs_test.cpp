// Tables of whole runs, and of what else than energy can be made small.
#include "analyze/recommendation.h"
#include "analyze/run_overhead.h"
#include "analyze/run_table.h"
#include "analyze/sweep_rows_test.h"
#include "analyze/wasted_tail.h"

#include <gtest/gtest.h>

#include <cmath>

namespace gradwatt {
namespace {

const char* const kZeus =
    "factor.batch,energy_j,duration_s,reached\n"
    "64,1000,50,1\n64,1100,52,1\n256,600,80,1\n256,650,84,1\n1024,900,30,0\n1024,500,20,1\n";

std::string best_batch(Minimise minimise) {
  const auto table = parse_run_table(kZeus, "t.csv");
  const Grid grid = grid_of(table.runs, {}, Goal{"reached", 1, std::nullopt, false}, minimise);
  const Recommendation result = recommend(grid, {});
  return grid.axes[0].values[grid.setups[result.best.value()].place[0]];
}

TEST(RunCosts, OfTablesWithoutEpochsAreThoseOfTheRunsThatReachedIt) {
  const auto table = parse_run_table(kZeus, "t.csv");
  const Grid grid = grid_of(table.runs, {}, Goal{"reached", 1, std::nullopt, false});
  EXPECT_NEAR(grid.setups[0].energy_to_goal_j.value().value, std::sqrt(1000 * 1100.0), 1e-9);
  EXPECT_FALSE(grid.setups[0].epochs_needed.has_value());
  // 500 J, and for each success one failure of 900 J.
  EXPECT_EQ(grid.setups[2].state, SetupState::partly_reached);
  EXPECT_NEAR(grid.setups[2].energy_to_goal_j.value().value, 1400, 1e-9);
}

TEST(RunCosts, DecideByWhatIsMadeSmall) {
  EXPECT_EQ(best_batch(Minimise::energy), "256");
  EXPECT_EQ(best_batch(Minimise::time), "1024") << "20 s and a failure of 30 s";
  EXPECT_EQ(best_batch(Minimise::edp), "1024") << "10 kJ s and a failure of 27 kJ s";
}

TEST(RunCosts, WithoutAGoalAreThoseOfWholeRuns) {
  const auto table = parse_run_table("factor.lr,energy_j\n0.1,100\n0.01,60\n", "t.csv");
  const Grid grid = grid_of(table.runs, {}, std::nullopt);
  const Recommendation result = recommend(grid, {});
  EXPECT_EQ(result.objective, Objective::per_run);
  EXPECT_NEAR(result.against_worst.value().saving(), 0.4, 1e-12);
  EXPECT_EQ(name_of(result.objective, grid.minimise), "energy_per_run");
}

TEST(WastedTail, IsWhatCameAfterNearlyTheBest) {
  RunRow run;
  for (const double accuracy : {0.5, 0.895, 0.9, 0.88}) {
    run.epochs.push_back({0, 10, 1, {{"val_acc", accuracy}}, true});
  }
  EXPECT_EQ(wasted_tail(run, "val_acc", false), 20);
  EXPECT_FALSE(wasted_tail(run, "val_loss", true).has_value());
  run.epochs.back().energy_j.reset();
  EXPECT_FALSE(wasted_tail(run, "val_acc", false).has_value());
}

TEST(RunOverhead, IsWhatWasNotTraining) {
  RunRow run = made_up_run("64", "0.1", 0, {45, 2, 1, 10});
  run.epochs[0].eval_j = 5;
  EXPECT_NEAR(overhead_share(run).value(), 0.15, 1e-12);
  EXPECT_FALSE(starved_share(run).has_value());
  run.epochs[0].duration_s = 10;
  run.epochs[0].metrics["starved_s"] = 4;
  EXPECT_NEAR(starved_share(run).value(), 0.4, 1e-12);
}

}  // namespace
}  // namespace gradwatt
