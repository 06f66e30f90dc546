#include "analyze/holm.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(Holm, AdjustsTheHeaderExample) {
  const auto adjusted = holm_adjusted(std::vector{0.01, 0.04, 0.03});
  ASSERT_EQ(adjusted.size(), 3U);
  EXPECT_DOUBLE_EQ(adjusted[0], 0.03);
  EXPECT_DOUBLE_EQ(adjusted[1], 0.06);
  EXPECT_DOUBLE_EQ(adjusted[2], 0.06);
}

TEST(Holm, LeavesASingleComparisonAndNoneAlone) {
  EXPECT_DOUBLE_EQ(holm_adjusted(std::vector{0.2}).front(), 0.2);
  EXPECT_TRUE(holm_adjusted({}).empty());
}

TEST(Holm, NeverExceedsOne) {
  for (const double p : holm_adjusted(std::vector{0.9, 0.8, 0.7})) {
    EXPECT_LE(p, 1);
  }
}

}  // namespace
}  // namespace gradwatt
