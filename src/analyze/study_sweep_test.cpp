#include "analyze/study_sweep.h"

#include "analyze/paradigm_totals.h"
#include "analyze/relative_to_worst.h"
#include "analyze/study1_table_test.h"
#include "analyze/sweep_rows_test.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

RunRow run_of(const char* batch, std::vector<double> epochs_j, int repeat = 0) {
  RunRow run = made_up_run(batch, "1e-1", repeat, {1, 0, 0, 5});
  for (std::size_t i = 0; i < epochs_j.size(); ++i) {
    run.epochs.push_back(
        {static_cast<int>(i), epochs_j[i], 1, {{"val_acc", 0.9}}, true, 1.1 * epochs_j[i]});
  }
  return run;
}

TEST(StudySweep, AddsUpAllEpochsAndLeavesStartUpOut) {
  const std::vector<RunRow> runs{run_of("64", {150, 100, 104})};
  const StudySweep sweep = study_sweep("x", runs, {}, kAccuracyGoal);
  ASSERT_EQ(sweep.setups.size(), 1U);
  EXPECT_DOUBLE_EQ(sweep.setups[0].total_j->value, 354);
  EXPECT_EQ(sweep.setups[0].epochs, 3);
  EXPECT_DOUBLE_EQ(*sweep.setups[0].epoch_j, 118);
  EXPECT_NEAR(*sweep.setups[0].eq1_ratio, 1.1, 1e-12);
  EXPECT_EQ(sweep.setups[0].best_metric, 0.9);
  EXPECT_EQ(sweep.setups[0].state, SetupState::measured);
}

TEST(StudySweep, DoesNotKnowTheSumOfAnUnknownEpoch) {
  std::vector<RunRow> runs{run_of("64", {150, 100})};
  runs[0].epochs[1].energy_j.reset();
  const StudySweep sweep = study_sweep("x", runs, {}, std::nullopt);
  EXPECT_FALSE(sweep.setups[0].total_j.has_value());
  EXPECT_FALSE(sweep.energy_known);
  EXPECT_EQ(sweep.setups[0].epochs, 2);
}

TEST(StudySweep, HasSetupsWithoutRunsAndFailedOnes) {
  std::vector<RunRow> runs{run_of("64", {10}), run_of("256", {10})};
  runs[1].outcome = RunOutcome::failed;
  const StudySweep sweep =
      study_sweep("x", runs, {{"batch", {"64", "256", "1024"}}, {"lr", {"1e-1"}}}, std::nullopt);
  ASSERT_EQ(sweep.setups.size(), 3U);
  EXPECT_TRUE(sweep.setups[0].total_j.has_value());
  EXPECT_EQ(sweep.setups[1].state, SetupState::failed);
  EXPECT_FALSE(sweep.setups[1].total_j.has_value());
  EXPECT_EQ(sweep.setups[2].state, SetupState::not_run);
}

TEST(StudySweep, SaysThatBatchDrivesStudy1sEnergyPerEpoch) {
  const auto runs = study1_table2("pamap2", "cuda");
  const StudySweep sweep = study_sweep("x", runs, {}, std::nullopt);
  ASSERT_TRUE(sweep.epoch_energy_shares.has_value());
  EXPECT_NEAR(sweep.epoch_energy_shares->at(0), 0.998, 0.0005);
  EXPECT_FALSE(sweep.epochs_shares.has_value());  // One epoch each: nothing varies.
}

TEST(ParadigmTotal, IsTheMeanOverSetups) {
  std::vector<RunRow> runs{run_of("64", std::vector<double>(10, 2)),
                           run_of("256", std::vector<double>(30, 4))};
  const StudySweep sweep = study_sweep("x", runs, {}, std::nullopt);
  const auto total = paradigm_total(sweep, std::vector<std::size_t>{0, 1});
  EXPECT_DOUBLE_EQ(total->epoch_j, 3);
  EXPECT_DOUBLE_EQ(total->epochs, 20);
  EXPECT_NEAR(total->total_j, 70, 1e-9);
  EXPECT_EQ(total->setups, 2);
  EXPECT_FALSE(paradigm_total(sweep, {}).has_value());
}

TEST(SetupsInAll, AreThoseThatEverySweepHas) {
  std::vector<RunRow> runs{run_of("64", {10}), run_of("256", {10})};
  const StudySweep whole = study_sweep("a", runs, {}, std::nullopt);
  runs[0].outcome = RunOutcome::failed;
  const StudySweep part = study_sweep("b", runs, {}, std::nullopt);
  const std::vector<const StudySweep*> two{&whole, &part};
  EXPECT_EQ(setups_in_all(two), std::vector<std::size_t>{1});
}

TEST(MultitaskSplit, IsThatOfStudy1) {
  const PaperTable4 table = paper_table4();
  const auto cuda = [](const PaperTask& task) {
    return TaskCost{task.total_wh().cuda, task.epochs.cuda};
  };
  const MultitaskSplit split =
      multitask_split(cuda(table.attributes), cuda(table.identity), cuda(table.both));
  EXPECT_NEAR(split.to_sum, 1 - 0.726, 0.0005);
  EXPECT_NEAR(split.epochs, 142.0 / 518.0, 1e-12);
  EXPECT_NEAR(split.epoch_energy, 0.999, 0.0005);
  EXPECT_NEAR(split.to_best_single, 1 - 0.054, 0.0005);
  EXPECT_DOUBLE_EQ(split.epochs * split.epoch_energy, split.to_sum);

  const auto mps = [](const PaperTask& task) {
    return TaskCost{task.total_wh().mps, task.epochs.mps};
  };
  const MultitaskSplit other =
      multitask_split(mps(table.attributes), mps(table.identity), mps(table.both));
  EXPECT_NEAR(other.to_sum, 1 - 0.718, 0.0005);
  EXPECT_NEAR(other.to_best_single, 1 - 0.093, 0.0005);
}

TEST(RelativeToWorst, LeavesTheUnknownOut) {
  const std::vector<std::optional<double>> energies{10, std::nullopt, 40};
  EXPECT_EQ(relative_to_worst(energies),
            (std::vector<std::optional<double>>{0.25, std::nullopt, 1}));
  EXPECT_EQ(best_share(energies), 0.25);
}

TEST(RelativeToWorst, HasNoBestOfOne) {
  EXPECT_EQ(best_share(std::vector<std::optional<double>>{10, std::nullopt}), std::nullopt);
}

TEST(RelativeToWorst, GivesTheSpreadOfEachPartOfTable2) {
  const auto shares = [](const char* dataset, double PaperPair::*machine) {
    std::vector<std::optional<double>> energies;
    for (const PaperPair& cell : paper_table2(dataset).mwh_per_epoch) {
      energies.emplace_back(cell.*machine);
    }
    return *best_share(energies);
  };
  EXPECT_NEAR(shares("pamap2", &PaperPair::cuda), 0.279, 0.0005);
  EXPECT_NEAR(shares("celeba", &PaperPair::cuda), 0.861, 0.0005);
  EXPECT_NEAR(shares("pamap2", &PaperPair::mps), 0.563, 0.0005);
  EXPECT_NEAR(shares("celeba", &PaperPair::mps), 0.975, 0.0005);
}

}  // namespace
}  // namespace gradwatt
