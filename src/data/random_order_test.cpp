#include "data/random_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace gradwatt {
namespace {

TEST(SplitMix64, GivesThePublishedNumbers) {
  SplitMix64 random(0);
  EXPECT_EQ(random.next(), 0xe220a8397b1dcdafU);
  EXPECT_EQ(random.next(), 0x6e789e6aa1b965f4U);
}

TEST(SplitMix64, DrawsEachNumberBelowTheBoundEquallyOften) {
  SplitMix64 random(1);
  std::array<int, 7> count{};
  for (int i = 0; i < 70000; ++i) {
    ++count[random.below(7)];
  }
  for (const int times : count) {
    EXPECT_NEAR(times, 10000, 500);  // 5 standard deviations of a binomial count
  }
}

TEST(RandomOrder, HoldsEachIndexOnce) {
  auto order = random_order(1000, 7, 3);
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) {
    EXPECT_EQ(order[i], static_cast<std::int64_t>(i));
  }
}

TEST(RandomOrder, DependsOnSeedAndEpochAlone) {
  EXPECT_EQ(random_order(100, 7, 3), random_order(100, 7, 3));
  EXPECT_NE(random_order(100, 7, 3), random_order(100, 7, 4));
  EXPECT_NE(random_order(100, 7, 3), random_order(100, 8, 3));
}

TEST(RandomOrder, IsEmptyForNothing) { EXPECT_TRUE(random_order(0, 1, 1).empty()); }

}  // namespace
}  // namespace gradwatt
