#include "analyze/statistics.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(Statistics, GivesMeanAndVarianceOfTheHeaderExample) {
  const Spread spread = spread_of(std::vector{2.0, 4.0, 9.0});
  EXPECT_DOUBLE_EQ(spread.mean, 5);
  EXPECT_DOUBLE_EQ(spread.variance.value(), 13);
  EXPECT_EQ(spread.n, 3);
}

TEST(Statistics, DoesNotKnowTheVarianceOfOneNumber) {
  const Spread spread = spread_of(std::vector{7.0});
  EXPECT_DOUBLE_EQ(spread.mean, 7);
  EXPECT_FALSE(spread.variance.has_value());
}

TEST(Statistics, KeepsASmallVarianceBesideALargeMean) {
  const Spread spread = spread_of(std::vector{1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16});
  EXPECT_DOUBLE_EQ(spread.variance.value(), 30);
}

TEST(Statistics, GivesTheMedianOfOddAndEvenCounts) {
  EXPECT_DOUBLE_EQ(median({5, 1, 3}), 3);
  EXPECT_DOUBLE_EQ(median({4, 1, 3, 2}), 2.5);
}

TEST(Statistics, GivesTheGeometricMeanOfTheHeaderExample) {
  EXPECT_DOUBLE_EQ(geometric_mean(std::vector{2.0, 8.0}), 4);
}

}  // namespace
}  // namespace gradwatt
