#include "analyze/log_interval.h"

#include <gtest/gtest.h>

#include <vector>

namespace gradwatt {
namespace {

TEST(LogInterval, GivesTheHeaderExample) {
  const Estimate estimate = estimate_of(std::vector{90.0, 100.0, 110.0});
  EXPECT_NEAR(estimate.value, 99.67, 0.005);
  EXPECT_NEAR(estimate.interval.value().lo, 77.67, 0.005);
  EXPECT_NEAR(estimate.interval.value().hi, 127.89, 0.005);
  EXPECT_EQ(estimate.n, 3);
}

TEST(LogInterval, IsAbsentForOneRun) {
  const Estimate estimate = estimate_of(std::vector{90.0});
  EXPECT_DOUBLE_EQ(estimate.value, 90);
  EXPECT_FALSE(estimate.interval.has_value());
}

TEST(LogInterval, IsAbsentWhenEqualNumbersWouldClaimCertainty) {
  EXPECT_FALSE(estimate_of(std::vector{90.0, 90.0}).interval.has_value());
}

TEST(LogInterval, ScalesWithItsNumbers) {
  const Estimate one = estimate_of(std::vector{90.0, 100.0, 110.0});
  const Estimate thousand = estimate_of(std::vector{90e3, 100e3, 110e3});
  EXPECT_NEAR(thousand.value, 1e3 * one.value, 1e-8);
  EXPECT_NEAR(thousand.interval.value().hi, 1e3 * one.interval.value().hi, 1e-8);
}

}  // namespace
}  // namespace gradwatt
