#include "analyze/repeated_mean.h"

#include <gtest/gtest.h>

#include <array>

namespace gradwatt {
namespace {

TEST(RepeatedMean, HasTheVarianceOfTheMean) {
  const std::array values{2.0, 4.0, 9.0};
  const RepeatedMean mean = repeated_mean(values);
  EXPECT_DOUBLE_EQ(mean.value, 5);
  EXPECT_DOUBLE_EQ(*mean.variance, 13 / 3.0);
  EXPECT_EQ(mean.n, 3);
}

TEST(RepeatedMean, OfOneNumberHasNoVariance) {
  const std::array values{7.0};
  EXPECT_EQ(repeated_mean(values).variance, std::nullopt);
}

TEST(SatterthwaiteDf, AddsUpForEqualVariancesAndIsThatOfTheOnlyOne) {
  EXPECT_DOUBLE_EQ(satterthwaite_df(std::array{VarianceTerm{5, 2}, VarianceTerm{5, 2}}), 4);
  EXPECT_DOUBLE_EQ(satterthwaite_df(std::array{VarianceTerm{5, 2}, VarianceTerm{0, 9}}), 2);
}

TEST(StudentT, IsThatOfTheTables) {
  EXPECT_NEAR(student_t(2), 4.3027, 1e-4);
  EXPECT_NEAR(student_t(10), 2.2281, 1e-4);
}

}  // namespace
}  // namespace gradwatt
