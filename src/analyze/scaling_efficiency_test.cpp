#include "analyze/scaling_efficiency.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

ScalingSetup setup_of(double gpus, double samples, double time_s, double energy_j) {
  ScalingSetup setup;
  setup.gpus = gpus;
  setup.samples = samples;
  setup.gpu_hours = gpus * time_s / 3600;
  setup.energy_j = energy_j;
  return setup;
}

TEST(ScalingEfficiency, ComparesThroughputWithTheFewestGpus) {
  const std::vector setups{setup_of(4, 1000, 4, 2000), setup_of(1, 1000, 10, 1000)};
  const auto all = scaling_efficiencies(setups);
  ASSERT_TRUE(all[0] && all[1]);
  EXPECT_DOUBLE_EQ(all[0]->samples_per_s, 250);
  EXPECT_DOUBLE_EQ(all[0]->speed_up, 2.5);
  EXPECT_DOUBLE_EQ(all[0]->efficiency, 0.625);
  EXPECT_DOUBLE_EQ(all[0]->sample_j, 2);
  EXPECT_DOUBLE_EQ(all[1]->speed_up, 1);
}

TEST(ScalingEfficiency, DoesNotDependOnHowMuchWasTrained) {
  // A data set that grows with the GPUs: four times the samples in the same time.
  const std::vector setups{setup_of(1, 1000, 10, 1000), setup_of(4, 4000, 10, 4000)};
  EXPECT_DOUBLE_EQ(scaling_efficiencies(setups)[1]->efficiency, 1);
}

TEST(ScalingEfficiency, IsUnknownWithoutSamplesOrGpus) {
  std::vector setups{setup_of(1, 1000, 10, 1000), setup_of(2, 1000, 10, 1000)};
  setups[0].samples.reset();
  const auto all = scaling_efficiencies(setups);
  EXPECT_FALSE(all[0]);
  EXPECT_DOUBLE_EQ(all[1].value().speed_up, 1) << "the fewest GPUs of which it is known";
  setups[1].gpus.reset();
  EXPECT_FALSE(scaling_efficiencies(setups)[1]);
}

}  // namespace
}  // namespace gradwatt
