#include "data/image_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace gradwatt {
namespace {

/// Ten images of one pixel; image i is labelled i and coloured 10 i.
ImageSet ten_images() {
  ImageSet set{{1, 1, 1}, {}, {}};
  for (std::uint8_t i = 0; i < 10; ++i) {
    set.pixels.push_back(static_cast<std::uint8_t>(10 * i));
    set.labels.push_back(i);
  }
  return set;
}

TEST(Pick, KeepsEachImageWithItsLabel) {
  const std::vector<std::int64_t> indices{7, 2};
  const ImageSet picked = pick(ten_images(), indices);
  EXPECT_THAT(picked.labels, testing::ElementsAre(7, 2));
  EXPECT_THAT(picked.pixels, testing::ElementsAre(70, 20));
}

TEST(Split, UsesNoImageTwice) {
  const Split parts = split(ten_images(), 7, 3, 1);
  std::multiset<int> seen(parts.train.labels.begin(), parts.train.labels.end());
  seen.insert(parts.validation.labels.begin(), parts.validation.labels.end());
  EXPECT_THAT(seen, testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
}

TEST(Split, ValidatesOnTheSameImagesWhateverTheTrainingSize) {
  const Split small = split(ten_images(), 2, 3, 1);
  const Split large = split(ten_images(), 7, 3, 1);
  EXPECT_EQ(small.validation.labels, large.validation.labels);
  EXPECT_THAT(small.train.labels,
              testing::ElementsAre(large.train.labels[0], large.train.labels[1]));
}

TEST(Split, DependsOnTheSeed) {
  EXPECT_NE(split(ten_images(), 7, 3, 1).train.labels, split(ten_images(), 7, 3, 2).train.labels);
}

}  // namespace
}  // namespace gradwatt
