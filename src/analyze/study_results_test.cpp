#include "analyze/study_results.h"

#include "analyze/sweep_rows_test.h"

#include <gtest/gtest.h>

#include <map>

namespace gradwatt {
namespace {

/// Batch -> (epochs, joules each); 0 epochs: the run failed.
using Trainings = std::map<std::string, std::pair<int, double>>;

StudySweep trained(const Trainings& trainings) {
  std::vector<RunRow> runs;
  for (const auto& [batch, training] : trainings) {
    runs.push_back(made_up_run(batch, "1e-1", 0, {training.second, training.first, 1, 3}));
    if (training.first == 0) {
      runs.back().outcome = RunOutcome::failed;
    }
  }
  return study_sweep("x", runs, {}, kAccuracyGoal);
}

TEST(StudyResults, CompareTheSetupsThatBothSweepsHave) {
  const StudySweep unfrozen = trained({{"64", {10, 10}}, {"256", {10, 50}}});
  const StudySweep frozen = trained({{"64", {10, 4}}, {"256", {0, 0}}});
  const auto result = freezing_result(&unfrozen, &frozen);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->unfrozen.setups, 1);
  EXPECT_NEAR(result->saving(), 0.6, 1e-12);
  EXPECT_FALSE(freezing_result(&unfrozen, nullptr).has_value());
}

TEST(StudyResults, FindWhenPretrainingPaysOff) {
  const StudySweep encoder = trained({{"64", {30, 1}}, {"256", {12, 1}}});
  const StudySweep joint = trained({{"64", {4, 1}}, {"256", {4, 1}}});
  const StudySweep frozen = trained({{"64", {1, 1}}, {"256", {2, 1}}});
  const auto result = reuse_result(&encoder, &joint, &frozen);
  ASSERT_TRUE(result.has_value());
  // Places are sorted as numbers: 64 before 256.
  EXPECT_NEAR(*result->summary.setups[0].cycles, 10, 1e-9);
  EXPECT_NEAR(*result->summary.setups[1].cycles, 6, 1e-9);
  EXPECT_EQ(result->summary.best, 1U);
  EXPECT_NEAR(result->mean.encoder_j.value, 21, 1e-9);
  EXPECT_NEAR(*result->summary.ratio_of_means, 21 / 2.5, 1e-9);
}

TEST(StudyResults, CompareTwoTasksWithOneTraining) {
  const StudySweep attributes = trained({{"64", {36, 1}}, {"256", {30, 1}}});
  const StudySweep identity = trained({{"64", {15, 1}}, {"256", {15, 1}}});
  const StudySweep both = trained({{"64", {14, 1}}, {"256", {16, 1}}});
  const auto result = tasks_result(&attributes, &identity, &both);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->below_sum, 2);
  EXPECT_EQ(result->below_single, 1);
  EXPECT_NEAR(result->split.to_sum, 30.0 / 96.0, 1e-9);
  EXPECT_NEAR(result->split.epoch_energy, 1, 1e-9);
}

TEST(StudyResults, SplitTheRangeOfTotals) {
  const StudySweep sweep = trained({{"64", {10, 2}}, {"256", {5, 1}}, {"1024", {6, 2}}});
  const auto range = total_range(sweep, false);
  ASSERT_TRUE(range.has_value());
  EXPECT_EQ(range->best, 1U);
  EXPECT_EQ(range->worst, 0U);
  EXPECT_NEAR(range->share, 0.25, 1e-12);
  EXPECT_NEAR(range->epoch_energy, 0.5, 1e-12);
  EXPECT_NEAR(range->epochs, 0.5, 1e-12);
  EXPECT_TRUE(total_range(sweep, true).has_value());
  EXPECT_FALSE(total_range(trained({{"64", {1, 1}}}), false).has_value());
}

}  // namespace
}  // namespace gradwatt
