#include "experiment/seeded_shuffle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <vector>

namespace gradwatt {
namespace {

std::vector<int> shuffled(std::uint64_t seed) {
  std::vector<int> items{0, 1, 2, 3, 4, 5, 6, 7};
  std::mt19937_64 random(seed);
  shuffle_seeded(std::span(items), random);
  return items;
}

TEST(ShuffleSeeded, GivesTheSameOrderForTheSameSeed) {
  EXPECT_EQ(shuffled(42), shuffled(42));
  EXPECT_NE(shuffled(42), shuffled(43));
}

TEST(ShuffleSeeded, KeepsEveryItem) {
  EXPECT_THAT(shuffled(7), testing::UnorderedElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
}

TEST(ShuffleSeeded, GivesEveryOrderAboutEquallyOften) {
  std::map<std::array<int, 3>, int> seen;
  std::mt19937_64 random(1);
  for (int i = 0; i < 6000; ++i) {
    std::array<int, 3> items{0, 1, 2};
    shuffle_seeded(std::span<int>(items), random);
    ++seen[items];
  }
  ASSERT_EQ(seen.size(), 6U);
  for (const auto& [order, count] : seen) {
    EXPECT_NEAR(count, 1000, 5 * 29);  // Five standard deviations of a binomial count.
  }
}

TEST(DrawnBelow, StaysBelowItsBound) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_LT(drawn_below(3, random), 3U);
    EXPECT_EQ(drawn_below(1, random), 0U);
  }
}

}  // namespace
}  // namespace gradwatt
