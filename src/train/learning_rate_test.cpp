#include "train/learning_rate.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(LearningRate, StaysWhenConstant) {
  const LearningRate rate{.base = 0.1};
  EXPECT_EQ(rate.at({0, 10}), 0.1);
  EXPECT_EQ(rate.at({9.9, 10}), 0.1);
}

TEST(LearningRate, FallsAlongHalfACosine) {
  const LearningRate rate{.schedule = Schedule::cosine, .base = 0.1};
  EXPECT_DOUBLE_EQ(rate.at({0, 10}), 0.1);
  EXPECT_DOUBLE_EQ(rate.at({5, 10}), 0.05);
  EXPECT_NEAR(rate.at({10, 10}), 0, 1e-17);
}

TEST(LearningRate, IsCutAtEachStep) {
  const LearningRate rate{
      .schedule = Schedule::step, .base = 1, .step_epochs = 2, .step_factor = 0.5};
  EXPECT_EQ(rate.at({1.99, 10}), 1);
  EXPECT_EQ(rate.at({2, 10}), 0.5);
  EXPECT_EQ(rate.at({4.5, 10}), 0.25);
}

TEST(LearningRate, RisesInALineDuringWarmUpThenFollowsTheSchedule) {
  const LearningRate rate{.schedule = Schedule::cosine, .base = 0.1, .warmup_epochs = 2};
  EXPECT_DOUBLE_EQ(rate.at({0.5, 10}), 0.025);
  EXPECT_DOUBLE_EQ(rate.at({2, 10}), 0.1);
  EXPECT_DOUBLE_EQ(rate.at({6, 10}), 0.05);
}

}  // namespace
}  // namespace gradwatt
