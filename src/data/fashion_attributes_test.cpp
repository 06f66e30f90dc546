#include "data/fashion_attributes.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

/// Four 10 x 10 images: all dark but for the upper half, the lower half, the left half, nothing.
ImageSet half_lit() {
  ImageSet set{{10, 10, 1}, {}, {0, 1, 2, 3}};
  for (int image = 0; image < 4; ++image) {
    for (int y = 0; y < 10; ++y) {
      for (int x = 0; x < 10; ++x) {
        const bool lit = (image == 0 && y < 5) || (image == 1 && y >= 5) || (image == 2 && x < 5);
        set.pixels.push_back(lit ? 200 : 0);
      }
    }
  }
  return set;
}

bool has(const std::vector<std::uint8_t>& attributes, std::size_t image, std::string_view name) {
  const auto& names = FashionAttributes::kNames;
  const auto place = std::find(names.begin(), names.end(), name) - names.begin();
  return attributes.at(image * names.size() + static_cast<std::size_t>(place)) == 1;
}

TEST(FashionAttributes, FollowFromThePixels) {
  const ImageSet set = half_lit();
  const auto attributes = FashionAttributes(set).of(set);
  ASSERT_EQ(attributes.size(), 40U);
  EXPECT_TRUE(has(attributes, 0, "top-heavy"));
  EXPECT_FALSE(has(attributes, 1, "top-heavy"));
  EXPECT_TRUE(has(attributes, 2, "left-heavy"));
  EXPECT_FALSE(has(attributes, 0, "left-heavy"));
  EXPECT_FALSE(has(attributes, 2, "symmetric"));
  EXPECT_TRUE(has(attributes, 2, "tall"));
  EXPECT_FALSE(has(attributes, 3, "tall"));
}

TEST(FashionAttributes, HoldForAtMostHalfOfTheImagesTheyAreTakenFrom) {
  const ImageSet set = half_lit();
  const auto attributes = FashionAttributes(set).of(set);
  for (std::size_t k = 0; k < FashionAttributes::kCount; ++k) {
    int yes = 0;
    for (std::size_t image = 0; image < 4; ++image) {
      yes += attributes[image * FashionAttributes::kCount + k];
    }
    EXPECT_LE(yes, 2) << FashionAttributes::kNames[k];
  }
}

}  // namespace
}  // namespace gradwatt
