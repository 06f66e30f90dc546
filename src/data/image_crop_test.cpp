#include "data/image_crop.h"

#include <gtest/gtest.h>

#include <ostream>
#include <set>

namespace gradwatt {

void PrintTo(const ImageBox& box, std::ostream* out) {
  *out << box.top << ' ' << box.left << ' ' << box.height << ' ' << box.width;
}

namespace {

TEST(RandomCrop, DrawsWhatAnIndependentStatementInPythonDraws) {
  const std::vector<ImageBox> expected{
      {11, 47, 271, 355}, {18, 39, 357, 411}, {9, 65, 360, 415}, {43, 11, 305, 342}};
  for (std::size_t seed = 0; seed < expected.size(); ++seed) {
    SplitMix64 random(seed);
    EXPECT_EQ(random_crop(375, 500, {}, random), expected[seed]);
  }
}

TEST(RandomCrop, StaysInTheImageWithTheAreaAndAspectAskedFor) {
  SplitMix64 random(1);
  double areas = 0;
  for (int i = 0; i < 4000; ++i) {
    const ImageBox box = random_crop(400, 400, {}, random);
    ASSERT_GE(box.top, 0);
    ASSERT_GE(box.left, 0);
    ASSERT_LE(box.top + box.height, 400);
    ASSERT_LE(box.left + box.width, 400);
    const auto height = static_cast<double>(box.height);
    const auto width = static_cast<double>(box.width);
    ASSERT_GT(width / height, 0.745);
    ASSERT_LT(width / height, 1.342);
    ASSERT_GT(width * height, 0.495 * 160'000);
    areas += width * height / 160'000;
  }
  // Boxes that would not fit are drawn again: large areas with a far aspect are rarer.
  EXPECT_NEAR(areas / 4000, 0.71, 0.02);
}

TEST(RandomCrop, TakesEveryPlace) {
  const CropRange quarter{.area_min = 0.25, .area_max = 0.25, .aspect_min = 1, .aspect_max = 1};
  SplitMix64 random(2);
  std::set<std::int64_t> tops;
  for (int i = 0; i < 2000; ++i) {
    const ImageBox box = random_crop(100, 100, quarter, random);
    ASSERT_EQ(box.height, 50);
    ASSERT_EQ(box.width, 50);
    tops.insert(box.top);
  }
  EXPECT_EQ(tops.size(), 51U);
  EXPECT_EQ(*tops.rbegin(), 50);
}

TEST(RandomCrop, TakesTheMiddleOfAnImageThatIsTooLong) {
  SplitMix64 random(3);
  EXPECT_EQ(random_crop(30, 3000, {}, random), (ImageBox{0, 1480, 30, 40}));
  EXPECT_EQ(random_crop(3000, 30, {}, random), (ImageBox{1480, 0, 40, 30}));
  EXPECT_EQ(random_crop(1, 1, {}, random), (ImageBox{0, 0, 1, 1}));
}

TEST(MiddleCrop, IsSevenEighthsOfTheShorterSide) {
  EXPECT_EQ(middle_crop(500, 375), (ImageBox{86, 23, 328, 328}));
  EXPECT_EQ(middle_crop(256, 256), (ImageBox{16, 16, 224, 224}));
  EXPECT_EQ(middle_crop(1, 9), (ImageBox{0, 4, 1, 1}));
}

}  // namespace
}  // namespace gradwatt
