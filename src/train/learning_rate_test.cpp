#include "train/learning_rate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

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

testing::Matcher<const std::vector<double>&> near_to(const std::vector<double>& expected) {
  return testing::Pointwise(testing::DoubleNear(1e-9), expected);
}

/// The rates at the beginnings of ten epochs.
std::vector<double> ten_rates(const LearningRate& rate) {
  std::vector<double> rates;
  for (int epoch = 0; epoch < 10; ++epoch) {
    rates.push_back(rate.at({static_cast<double>(epoch), 10}));
  }
  return rates;
}

// Recorded by tests/parity/record_schedules.py, which asks PyTorch.
TEST(LearningRate, FollowsPyTorchsSchedules) {
  EXPECT_THAT(ten_rates({.schedule = Schedule::cosine, .base = 0.8}),
              near_to({0.8,
                       0.780422607,
                       0.723606798,
                       0.635114101,
                       0.523606798,
                       0.4,
                       0.276393202,
                       0.164885899,
                       0.0763932023,
                       0.0195773935}));
  EXPECT_THAT(ten_rates({.schedule = Schedule::milestones, .base = 0.8}),
              near_to({0.8, 0.8, 0.8, 0.08, 0.08, 0.08, 0.008, 0.008, 0.0008, 0.0008}));
  EXPECT_THAT(
      ten_rates({.schedule = Schedule::step, .base = 0.8, .step_epochs = 4, .step_factor = 0.5}),
      near_to({0.8, 0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.4, 0.2, 0.2}));
}

TEST(LearningRate, GrowsWithTheBatch) {
  const LearningRate rate{.base = 0.1, .for_batch = 256};
  EXPECT_DOUBLE_EQ(rate.peak(8192), 3.2);
  EXPECT_DOUBLE_EQ(rate.peak(128), 0.05);
  EXPECT_DOUBLE_EQ(rate.at({.epoch = 1, .max_epochs = 2, .batch = 512}), 0.2);
  EXPECT_EQ(LearningRate{.base = 0.1}.peak(8192), 0.1);
}

TEST(LearningRate, WarmsUpFromTheBaseByEpochOrByStep) {
  LearningRate rate{.base = 0.1, .for_batch = 256, .warmup_epochs = 5, .warmup = WarmUp::per_epoch};
  const auto at = [&](double epoch) { return rate.at({epoch, 100, 8192}); };
  EXPECT_DOUBLE_EQ(at(0.9), 0.1);
  EXPECT_DOUBLE_EQ(at(1), 0.72);
  EXPECT_DOUBLE_EQ(at(4.99), 2.58);
  EXPECT_DOUBLE_EQ(at(5), 3.2);
  EXPECT_DOUBLE_EQ(rate.at({1, 100, 64}), 0.025);  // Lower than the base all the time.
  rate.warmup = WarmUp::gradual;
  EXPECT_DOUBLE_EQ(at(0), 0.1);
  EXPECT_DOUBLE_EQ(at(2.5), 1.65);
  EXPECT_DOUBLE_EQ(at(5), 3.2);
}

TEST(LearningRate, FallsAlongAPowerToItsEnd) {
  // 20 epochs, 4 of warm-up: half of the rest is over at 12.
  const LearningRate rate{.schedule = Schedule::poly, .base = 8.1, .warmup_epochs = 4, .end = 0.1};
  EXPECT_DOUBLE_EQ(rate.at({4, 20}), 8.1);
  EXPECT_DOUBLE_EQ(rate.at({12, 20}), 2.1);
  EXPECT_DOUBLE_EQ(rate.at({20, 20}), 0.1);
}

TEST(LearningRate, IsScaledByWhatThePlateauSays) {
  const LearningRate rate{.schedule = Schedule::plateau, .base = 0.4, .warmup_epochs = 1};
  EXPECT_DOUBLE_EQ(rate.at({.epoch = 3, .max_epochs = 9, .plateau = 0.25}), 0.1);
  EXPECT_DOUBLE_EQ(rate.at({.epoch = 0.5, .max_epochs = 9, .plateau = 0.25}), 0.2);
}

}  // namespace
}  // namespace gradwatt
