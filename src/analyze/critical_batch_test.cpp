#include "analyze/critical_batch.h"

#include <gtest/gtest.h>

#include <vector>

namespace gradwatt {
namespace {

TEST(CriticalBatch, IsWhereEpochsHaveDoubled) {
  const std::vector<BatchPoint> points{{256, 10}, {512, 12}, {1024, 16}, {2048, 24}};
  const auto epochs = epochs_by_batch(points);
  ASSERT_TRUE(epochs && epochs->critical);
  EXPECT_NEAR(epochs->epochs_min, 8, 1e-9);
  EXPECT_NEAR(*epochs->critical, 1024, 1e-6);
  EXPECT_NEAR(epochs->at(1024), 16, 1e-9);
}

TEST(CriticalBatch, IsNotIdentifiableWhereEpochsOnlyScatter) {
  const std::vector<BatchPoint> points{{64, 10}, {256, 12}, {1024, 9}, {4096, 11}};
  const auto epochs = epochs_by_batch(points);
  ASSERT_TRUE(epochs);
  EXPECT_FALSE(epochs->critical);
  ASSERT_TRUE(epochs->slope);
  EXPECT_LT(epochs->slope->lo, 0);
  EXPECT_NEAR(epochs->at(64), epochs->at(4096), 1e-12);
}

TEST(CriticalBatch, TakesThreeBatchSizes) {
  const std::vector<BatchPoint> two{{64, 10}, {64, 11}, {256, 12}};
  EXPECT_FALSE(epochs_by_batch(two));
  EXPECT_FALSE(epoch_cost_by_batch(two));
}

TEST(EpochCostByBatch, IsSomethingPerSampleAndSomethingPerStep) {
  const std::vector<BatchPoint> points{{64, 27 + 80}, {256, 27 + 20}, {1024, 27 + 5}};
  const auto cost = epoch_cost_by_batch(points);
  ASSERT_TRUE(cost);
  EXPECT_NEAR(cost->per_epoch, 27, 1e-9);
  EXPECT_NEAR(cost->per_step, 5120, 1e-6);
  EXPECT_NEAR(cost->half_batch, 189.63, 0.01);
  EXPECT_NEAR(cost->mean_error, 0, 1e-12);
}

TEST(EpochCostByBatch, IsNeverNegative) {
  const std::vector<BatchPoint> rising{{64, 10}, {256, 11}, {1024, 12}};
  EXPECT_EQ(epoch_cost_by_batch(rising)->per_step, 0);
  const std::vector<BatchPoint> steep{{64, 1000}, {256, 100}, {1024, 10}};
  const auto cost = epoch_cost_by_batch(steep);
  EXPECT_EQ(cost->per_epoch, 0);
  EXPECT_GT(cost->per_step, 0);
}

TEST(CheapestBatch, IsTheGeometricMeanOfTheTwoScales) {
  EpochCostByBatch cost;
  cost.half_batch = 256;
  EpochsByBatch epochs;
  epochs.critical = 1024;
  EXPECT_NEAR(*cheapest_batch(cost, epochs), 512, 1e-9);
  epochs.critical.reset();
  EXPECT_FALSE(cheapest_batch(cost, epochs));
}

TEST(CheapestBatch, IsTheMinimumOfTheProduct) {
  const EpochCostByBatch cost{27, 5120, 5120.0 / 27, 0};
  EpochsByBatch epochs;
  epochs.epochs_min = 8;
  epochs.critical = 1024;
  const double best = *cheapest_batch(cost, epochs);
  const auto energy = [&](double batch) { return cost.at(batch) * epochs.at(batch); };
  EXPECT_LT(energy(best), energy(0.9 * best));
  EXPECT_LT(energy(best), energy(1.1 * best));
}

}  // namespace
}  // namespace gradwatt
