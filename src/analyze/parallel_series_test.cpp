#include "analyze/parallel_series.h"

#include "analyze/parallel_runs_test.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

const std::vector<GridAxis> kSeriesRanks{{"ranks", {"1", "2", "4"}}};
const Goal kSeriesGoal{"val_acc", std::nullopt, 0.01, false};

TEST(ParallelSeries, AddsUpCompleteEpochs) {
  RunRow run = parallel_run({2, 1, 128, 8, 6, 100}, 32, 0.75);
  run.epochs.push_back({2, 1000, 60, {{"val_acc", 0.1}}, false, std::nullopt});
  run.epochs.back().complete = false;
  const auto series =
      parallel_series("imagenet-constant-global", std::vector{run}, kSeriesRanks, kSeriesGoal);
  EXPECT_EQ(series.workload, "imagenet");
  ASSERT_EQ(series.points.size(), 3U);
  EXPECT_EQ(series.points[0].state, SetupState::not_run);
  EXPECT_FALSE(series.points[0].training.has_value());
  const ParallelPoint& point = series.points[1];
  ASSERT_TRUE(point.training.has_value());
  EXPECT_DOUBLE_EQ(point.training->energy_j, 100);
  EXPECT_DOUBLE_EQ(point.training->time_s, 6);
  EXPECT_DOUBLE_EQ(point.training->samples, 128);
  EXPECT_DOUBLE_EQ(point.training->updates, 8);
  EXPECT_DOUBLE_EQ(*point.local_batch, 16);
  EXPECT_DOUBLE_EQ(*point.efficiency, 1) << "the fewest devices that ran";
}

TEST(ParallelSeries, ComparesWithTheFewestDevices) {
  std::vector<RunRow> runs{parallel_run({1, 1, 128, 8, 8, 80}, 32, 0.5),
                           parallel_run({4, 1, 128, 8, 4, 100}, 32, 0.25),
                           parallel_run({4, 1, 128, 8, 4, 100}, 32, 0.75, 1)};
  const auto series = parallel_series("era5-global", runs, kSeriesRanks, kSeriesGoal);
  const ParallelPoint& most = series.points[2];
  EXPECT_DOUBLE_EQ(*most.speed_up, 2);
  EXPECT_DOUBLE_EQ(*most.efficiency, 0.5);
  EXPECT_EQ(most.runs, 2);
  EXPECT_DOUBLE_EQ(*most.metric, 0.5);
  EXPECT_DOUBLE_EQ(*most.metric_error, 0.25);
  EXPECT_EQ(distinct_trainings(std::vector{series, series}, "era5").size(), 2U);
  EXPECT_TRUE(distinct_trainings(std::vector{series}, "imagenet").empty());
}

TEST(ParallelSeries, CountsRunsWithTheMostSamples) {
  RunRow cut = parallel_run({2, 1, 128, 8, 6, 100}, 32, 0.5);
  cut.epochs[1].complete = false;
  const RunRow whole = parallel_run({2, 1, 128, 8, 6, 120}, 32, 0.5, 1);
  const auto series =
      parallel_series("imagenet-x", std::vector{cut, whole}, kSeriesRanks, kSeriesGoal);
  const ParallelPoint& point = series.points[1];
  EXPECT_EQ(point.runs, 1);
  EXPECT_EQ(point.cut, 1);
  EXPECT_DOUBLE_EQ(point.training->energy_j, 120);
}

TEST(ParallelSeries, DoesNotGuessWhatIsUnknown) {
  RunRow run = parallel_run({2, 1, 128, 8, 6, 100}, 32, 0.75);
  run.epochs[0].energy_j.reset();
  RunRow silent = parallel_run({4, 1, 128, 8, 6, 100}, 32);
  silent.epochs[1].samples.reset();
  const auto series =
      parallel_series("imagenet-x", std::vector{run, silent}, kSeriesRanks, kSeriesGoal);
  EXPECT_FALSE(series.points[1].training.has_value());
  EXPECT_FALSE(series.points[2].training.has_value());
  EXPECT_FALSE(series.points[2].metric.has_value());
  EXPECT_EQ(series.points[2].finished, 1);
}

TEST(ParallelSeries, TakesFromTheAxesWhatTheRunDoesNotSay) {
  RunRow run = parallel_run({2, 1, 128, 8, 6, 100}, 32);
  run.params.clear();
  run.nodes.reset();
  run.factors.emplace_back("global_batch", "64");
  const auto series = parallel_series("imagenet-x", std::vector{run}, {}, std::nullopt);
  ASSERT_EQ(series.points.size(), 1U);
  EXPECT_DOUBLE_EQ(series.points[0].training->devices, 2);
  EXPECT_DOUBLE_EQ(series.points[0].training->nodes, 1);
  EXPECT_DOUBLE_EQ(*series.points[0].local_batch, 32);
}

}  // namespace
}  // namespace gradwatt
