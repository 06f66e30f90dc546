#include "data/row_scaler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace gradwatt {
namespace {

using testing::Each;
using testing::ElementsAre;

using GreyRows = std::vector<std::vector<int>>;

/// The red channel of the grey rows resized; green and blue are checked to agree.
GreyRows scaled(const GreyRows& rows, std::int64_t height, std::int64_t width) {
  const ImageShape target{.height = height, .width = width, .channels = 3};
  std::vector<std::uint8_t> out(static_cast<std::size_t>(target.size()));
  RowScaler scaler;
  scaler.begin({.height = static_cast<std::int64_t>(rows.size()),
                .width = static_cast<std::int64_t>(rows.front().size()),
                .channels = 4},
               target,
               out);
  for (std::int64_t i = scaler.first_row(); i < scaler.end_row(); ++i) {
    std::vector<std::uint8_t> bytes;
    for (const int grey : rows[static_cast<std::size_t>(i)]) {
      bytes.insert(bytes.end(), 3, static_cast<std::uint8_t>(grey));
      bytes.push_back(77);
    }
    bytes.insert(bytes.end(), 4, 255);
    scaler.add(bytes.data());
  }
  GreyRows result(static_cast<std::size_t>(height));
  for (std::size_t i = 0; i < out.size(); i += 3) {
    EXPECT_EQ(out[i], out[i + 1]);
    EXPECT_EQ(out[i], out[i + 2]);
    result[i / 3 / static_cast<std::size_t>(width)].push_back(out[i]);
  }
  return result;
}

TEST(RowScaler, MixesNeighboursWhereARowIsWidened) {
  EXPECT_THAT(scaled({{0, 100}, {0, 100}}, 4, 4), Each(ElementsAre(0, 25, 75, 100)));
  EXPECT_THAT(scaled({{0, 0}, {100, 100}}, 4, 4),
              ElementsAre(Each(0), Each(25), Each(75), Each(100)));
}

TEST(RowScaler, LeavesAnImageOfTheRightSizeAsItIs) {
  const GreyRows image{{1, 2, 3}, {4, 255, 6}, {7, 8, 0}};
  EXPECT_EQ(scaled(image, 3, 3), image);
}

TEST(RowScaler, CutsTheMiddleToTheAspect) {
  const GreyRows tall{{9, 9}, {1, 2}, {3, 4}, {9, 9}};
  EXPECT_THAT(scaled(tall, 2, 2), ElementsAre(ElementsAre(1, 2), ElementsAre(3, 4)));
  const GreyRows wide{{9, 1, 2, 9}, {9, 3, 4, 9}};
  EXPECT_THAT(scaled(wide, 2, 2), ElementsAre(ElementsAre(1, 2), ElementsAre(3, 4)));
}

TEST(RowScaler, AveragesBlocksWhereItShrinksMuch) {
  const GreyRows image{{0, 8, 100, 100}, {8, 16, 100, 100}, {20, 20, 1, 2}, {20, 20, 1, 2}};
  EXPECT_THAT(scaled(image, 2, 2), ElementsAre(ElementsAre(8, 100), ElementsAre(20, 2)));
}

TEST(RowScaler, GoesThroughOnePixel) {
  EXPECT_THAT(scaled({{42}}, 3, 5), Each(Each(42)));
  EXPECT_THAT(scaled(GreyRows(7, std::vector<int>(9, 200)), 1, 1), Each(Each(200)));
  EXPECT_THAT(scaled(GreyRows(1, std::vector<int>(9, 200)), 4, 1), Each(Each(200)));
}

TEST(RowScaler, FollowsASlopeAtAnyFactor) {
  for (const std::int64_t size : {7, 10, 13, 20, 31, 33}) {
    GreyRows slope(20);
    for (int y = 0; y < 20; ++y) {
      for (int x = 0; x < 20; ++x) {
        slope[static_cast<std::size_t>(y)].push_back(6 * x + 6 * y);
      }
    }
    const GreyRows small = scaled(slope, size, size);
    const double step = 20.0 / static_cast<double>(size);
    for (std::int64_t i = 1; i + 1 < size; ++i) {
      const double at = std::min(19.0, std::max(0.0, (static_cast<double>(i) + 0.5) * step - 0.5));
      EXPECT_NEAR(small[static_cast<std::size_t>(i)][static_cast<std::size_t>(i)], 12 * at, 1.5)
          << size << " at " << i;
    }
  }
}

}  // namespace
}  // namespace gradwatt
