#include "analyze/fieller.h"

#include <gtest/gtest.h>

#include <cmath>

namespace gradwatt {
namespace {

using Shape = FiellerSet::Shape;

/// By how much x is inside: not below 0 for the x that the set holds.
double slack(const RatioMoments& m, double t, double x) {
  const double variance =
      m.numerator_variance - 2 * x * m.covariance + x * x * m.denominator_variance;
  return t * std::sqrt(variance) - std::abs(m.numerator - x * m.denominator);
}

TEST(FiellerSet, IsAnIntervalWhereTheDenominatorIsClearlyNotZero) {
  const RatioMoments moments{30, 3, 1, 0.04, 0};
  const FiellerSet set = fieller_set(moments, 2);
  EXPECT_EQ(set.shape, Shape::between);
  EXPECT_NEAR(set.lo, 8.666, 0.005);
  EXPECT_NEAR(set.hi, 11.696, 0.005);
  EXPECT_NEAR(slack(moments, 2, set.lo), 0, 1e-9);
  EXPECT_NEAR(slack(moments, 2, set.hi), 0, 1e-9);
}

TEST(FiellerSet, IsOpenWhereTheDenominatorMayBeZero) {
  const RatioMoments moments{30, 3, 1, 4, 0};
  const FiellerSet set = fieller_set(moments, 2);
  EXPECT_EQ(set.shape, Shape::beyond);
  EXPECT_LT(set.lo, 0);
  EXPECT_GT(set.hi, 0);
  EXPECT_LT(set.hi, 10);
  EXPECT_NEAR(slack(moments, 2, set.hi), 0, 1e-9);
  EXPECT_GT(slack(moments, 2, set.hi + 1), 0);
  EXPECT_LT(slack(moments, 2, set.hi - 1), 0);
}

TEST(FiellerSet, IsEverythingWhereBothMayBeZero) {
  EXPECT_EQ(fieller_set({1, 1, 4, 4, 0}, 2).shape, Shape::all);
  EXPECT_EQ(fieller_set({0, 0, 0, 4, 0}, 2).shape, Shape::all);
}

TEST(FiellerSet, KnowsTheBorderBetweenBoth) {
  const FiellerSet set = fieller_set({30, 4, 1, 4, 0}, 2);  // d = t errors exactly.
  EXPECT_EQ(set.shape, Shape::beyond);
  EXPECT_NEAR(set.hi, (900 - 4) / 240.0, 1e-12);
  EXPECT_TRUE(std::isinf(set.lo));
}

TEST(FiellerSet, OfANegativeRatioLiesBelowZero) {
  const FiellerSet set = fieller_set({30, -3, 1, 0.04, 0}, 2);
  EXPECT_EQ(set.shape, Shape::between);
  EXPECT_NEAR(set.hi, -8.666, 0.005);
}

TEST(FiellerSet, OfNumbersThatRiseTogetherIsNarrower) {
  const FiellerSet apart = fieller_set({30, 3, 1, 0.01, 0}, 2);
  const FiellerSet together = fieller_set({30, 3, 1, 0.01, 0.09}, 2);
  EXPECT_LT(together.hi - together.lo, (apart.hi - apart.lo) / 2);
}

}  // namespace
}  // namespace gradwatt
