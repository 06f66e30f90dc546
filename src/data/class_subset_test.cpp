#include "data/class_subset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace gradwatt {
namespace {

using testing::ElementsAre;

/// `counts[c]` samples of each class c, one class behind the other.
std::vector<std::uint16_t> samples_of(const std::vector<int>& counts) {
  std::vector<std::uint16_t> classes;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    classes.insert(
        classes.end(), static_cast<std::size_t>(counts[c]), static_cast<std::uint16_t>(c));
  }
  return classes;
}

/// How many of each class a subset has.
std::vector<int> chosen_of(const std::vector<int>& counts, double share) {
  const auto classes = samples_of(counts);
  std::vector<int> chosen(counts.size());
  for (const std::int64_t i : class_subset(classes, static_cast<int>(counts.size()), share, 0)) {
    ++chosen[classes[static_cast<std::size_t>(i)]];
  }
  return chosen;
}

TEST(ClassSubset, GivesWhatRoundingLeavesToTheClassesItCostMost) {
  EXPECT_THAT(chosen_of({5, 5, 6}, 0.5), ElementsAre(3, 2, 3));
  EXPECT_THAT(chosen_of({10, 13, 14}, 0.25), ElementsAre(3, 3, 3));  // 2.5, 3.25 and 3.5
  EXPECT_THAT(chosen_of({3, 3, 3}, 1.0 / 3), ElementsAre(1, 1, 1));
  EXPECT_THAT(chosen_of({3, 4}, 1), ElementsAre(3, 4));
}

TEST(ClassSubset, HasTheSizeOfTheStudysSubsets) {
  // 732 to 1300 of each of 1000 classes as in ImageNet; study 2 names 5,004 and 80,072 samples.
  std::vector<int> counts(1000, 1300);
  int left = 1'281'167 - 1'300'000;
  for (int& count : counts) {
    const int less = std::min(-left, 568);
    count -= less;
    left += less;
  }
  const auto classes = samples_of(counts);
  ASSERT_EQ(classes.size(), 1'281'167U);
  EXPECT_EQ(class_subset(classes, 1000, 1.0 / 256, 0).size(), 5004U);
  EXPECT_EQ(class_subset(classes, 1000, 1.0 / 16, 0).size(), 80'072U);
}

TEST(ClassSubset, IsPartOfALargerOneAndDependsOnTheSeed) {
  const auto classes = samples_of({40, 40});
  const auto small = class_subset(classes, 2, 0.25, 7);
  const auto large = class_subset(classes, 2, 0.5, 7);
  EXPECT_TRUE(std::includes(large.begin(), large.end(), small.begin(), small.end()));
  EXPECT_TRUE(std::is_sorted(large.begin(), large.end()));
  EXPECT_EQ(std::set<std::int64_t>(large.begin(), large.end()).size(), 40U);
  EXPECT_NE(class_subset(classes, 2, 0.25, 8), small);
}

}  // namespace
}  // namespace gradwatt
