#include "analyze/batch_demand.h"

#include "analyze/scaling_rows_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

RunRow reached_run(double batch, double samples) {
  RunRow run = scaling_run("", 8, 100, 1000, samples);
  run.global_batch = batch;
  run.reached = true;
  return run;
}

TEST(BatchDemand, IsThatOfTheExample) {
  std::vector<RunRow> runs{reached_run(256, 10e6),
                           reached_run(512, 12e6),
                           reached_run(1024, 16e6),
                           reached_run(2048, 24e6)};
  runs.push_back(reached_run(2048, 99e6));
  runs.back().reached = false;
  const DemandFound found = batch_demand(runs, std::nullopt);
  ASSERT_TRUE(found.demand.has_value());
  EXPECT_NEAR(found.demand->samples_min, 8e6, 1);
  EXPECT_NEAR(*found.demand->critical_batch, 1024, 1e-3);
  EXPECT_NEAR(found.demand->samples(1024), 16e6, 1);
  EXPECT_THAT(found.why, HasSubstr("a batch of 1024 takes twice the samples"));
}

TEST(BatchDemand, NamesBatchesThatNeverReachedTheGoal) {
  std::vector<RunRow> runs{
      reached_run(256, 10e6), reached_run(512, 10.2e6), reached_run(1024, 9.9e6)};
  for (const double batch : {8192, 512}) {
    runs.push_back(reached_run(batch, 20e6));
    runs.back().reached = false;
  }
  runs.push_back(reached_run(4096, 20e6));
  runs.back().reached = std::nullopt;
  const DemandFound found = batch_demand(runs, std::nullopt);
  ASSERT_TRUE(found.demand.has_value());
  EXPECT_FALSE(found.demand->critical_batch.has_value());
  EXPECT_EQ(found.demand->batches_reached, (std::vector<double>{256, 512, 1024}));
  EXPECT_EQ(found.demand->batches_missed, (std::vector<double>{8192})) << "512 reached it once";
  EXPECT_THAT(found.why, HasSubstr("no run with a batch of 8192 reached the goal"));
}

TEST(BatchDemand, SeesInEpochsThatABatchMissed) {
  std::vector<RunRow> runs;
  for (const double batch : {64.0, 8192.0}) {
    RunRow run = scaling_run("", 8, 100, 1000, std::nullopt);
    run.global_batch = batch;
    run.epochs = {{1, 10, 5, {{"acc", batch < 100 ? 0.9 : 0.5}}, true, {}, 100, 1}};
    runs.push_back(std::move(run));
  }
  const DemandFound found = batch_demand(runs, GoalLine{"acc", 0.8, false});
  ASSERT_TRUE(found.demand.has_value());
  EXPECT_EQ(found.demand->batches_missed, (std::vector<double>{8192}));
  EXPECT_EQ(found.demand->missed_at(8192), 8192);
}

TEST(BatchDemand, DoubtsWhatLiesAtOrBeyondAMissedBatch) {
  const BatchDemand demand{1e6, 4096, true, {256, 2048}, {64, 8192}};
  EXPECT_EQ(demand.missed_at(32), std::nullopt);
  EXPECT_EQ(demand.missed_at(64), 64);
  EXPECT_EQ(demand.missed_at(128), 64) << "the next smaller one measured missed it";
  EXPECT_EQ(demand.missed_at(256), std::nullopt);
  EXPECT_EQ(demand.missed_at(4096), std::nullopt);
  EXPECT_EQ(demand.missed_at(16384), 8192);
  EXPECT_DOUBLE_EQ(demand.beyond_reached(4096), 2);
  EXPECT_DOUBLE_EQ(demand.factor(4096).value(), 2) << "B_crit is known";
  EXPECT_EQ(demand.factor(8192), std::nullopt);
}

TEST(BatchDemand, OfOneBatchIsTheMean) {
  const std::vector<RunRow> runs{reached_run(256, 10e6), reached_run(256, 12e6)};
  const DemandFound found = batch_demand(runs, std::nullopt);
  ASSERT_TRUE(found.demand.has_value());
  EXPECT_DOUBLE_EQ(found.demand->samples(4096), 11e6);
  EXPECT_FALSE(found.demand->compares_batches);
  EXPECT_THAT(found.why, HasSubstr("1 batch size, three are needed"));
}

TEST(BatchDemand, CountsSamplesUpToTheGoal) {
  RunRow run = scaling_run("", 8, 100, 1000, std::nullopt);
  run.epochs = {{1, 10, 5, {{"acc", 0.5}}, true, {}, 100, 1},
                {2, 10, 5, {{"acc", 0.9}}, true, {}, 100, 1},
                {3, 10, 5, {{"acc", 0.9}}, true, {}, 100, 1}};
  const DemandFound found = batch_demand(std::vector{run}, GoalLine{"acc", 0.8, false});
  EXPECT_DOUBLE_EQ(found.demand->samples_min, 200);
  EXPECT_FALSE(batch_demand(std::vector{run}, GoalLine{"acc", 0.95, false}).demand.has_value());
}

}  // namespace
}  // namespace gradwatt
