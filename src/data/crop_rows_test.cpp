#include "data/crop_rows.h"

#include "data/classed_images.h"
#include "data/feed.h"
#include "data/jpeg_decoder.h"
#include "data/jpeg_encoder.h"
#include "data/made_photograph.h"
#include "data/tar_writer.h"
#include "data/temporary_place_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace gradwatt {
namespace {

using testing::HasSubstr;

constexpr ImageShape kCropShape{.height = 24, .width = 24, .channels = 3};

using CropRow = std::vector<std::uint8_t>;

/// Red grows to the right, green downwards.
CropRow two_ramps(std::int64_t height, std::int64_t width) {
  CropRow pixels;
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      pixels.push_back(static_cast<std::uint8_t>(255 * x / width));
      pixels.push_back(static_cast<std::uint8_t>(255 * y / height));
      pixels.push_back(80);
    }
  }
  return pixels;
}

class CropRowsTest : public testing::Test {
 protected:
  CropRowsTest() {
    for (int i = 0; i < 12; ++i) {
      const MadePhotograph made = made_photograph(5, i % 2, i);
      place_.write("c" + std::to_string(i % 2) + "/" + std::to_string(100 + i) + ".jpg",
                   jpeg_of(made.shape, made.pixels, 85));
    }
  }
  [[nodiscard]] CropRows rows(CropRowsOptions options = {kCropShape}) const {
    return {image_folder(place_.path()).images, options};
  }
  static CropRow row_of(const RowSource& rows,
                        std::int64_t index,
                        std::optional<std::uint64_t> seed = {}) {
    CropRow row(rows.row_bytes());
    if (seed) {
      rows.write_drawn_row(index, *seed, row);
    } else {
      rows.write_row(index, row);
    }
    return row;
  }

  TemporaryPlace place_;
};

TEST_F(CropRowsTest, AreDrawnBySeedAndIndexAlone) {
  const CropRows all = rows();
  EXPECT_EQ(row_of(all, 3, 1), row_of(all, 3, 1));
  EXPECT_NE(row_of(all, 3, 1), row_of(all, 3, 2));
  EXPECT_NE(row_of(all, 3, 1), row_of(all, 4, 1));
  EXPECT_EQ(row_of(all, 3), row_of(all, 3));
}

TEST_F(CropRowsTest, ComeFromAFeedTheSameForAnyNumberOfWorkers) {
  const CropRows all = rows();
  std::vector<std::int64_t> order(12);
  std::iota(order.rbegin(), order.rend(), std::int64_t{0});
  const SystemClock clock;
  std::vector<CropRow> seen;
  for (const int workers : {1, 4}) {
    std::vector<CropRow> memory(4, CropRow(5 * all.row_bytes()));
    FeedOptions options;
    options.workers = workers;
    Feed feed(all, 5, options, {memory.begin(), memory.end()}, clock);
    feed.begin(order, 9);
    CropRow& bytes = seen.emplace_back();
    while (const auto batch = feed.next()) {
      bytes.insert(bytes.end(), batch->rows.begin(), batch->rows.end());
    }
  }
  EXPECT_EQ(seen[0], seen[1]);
  EXPECT_EQ(CropRow(seen[0].begin(), seen[0].begin() + static_cast<int>(all.row_bytes())),
            row_of(all, 11, 9));
}

TEST_F(CropRowsTest, OfAnEvaluationInTheMiddleAreNotDrawn) {
  const CropRows middle = rows({.shape = kCropShape, .evaluation = CropKind::middle, .seed = 1});
  const CropRows other = rows({.shape = kCropShape, .evaluation = CropKind::middle, .seed = 2});
  EXPECT_EQ(row_of(middle, 0), row_of(other, 0));
  EXPECT_NE(row_of(rows({.shape = kCropShape, .seed = 1}), 0),
            row_of(rows({.shape = kCropShape, .seed = 2}), 0));
}

TEST_F(CropRowsTest, AreTheSameFromFolderAndArchive) {
  TarWriter writer(place_.path() / "all.tar");
  const ClassedImages folder = image_folder(place_.path());
  std::vector<std::uint8_t> memory;
  for (std::int64_t i = 0; i < folder.count(); ++i) {
    writer.add(std::to_string(i) + ".jpg", folder.images.read(i, memory));
    writer.add(std::to_string(i) + ".cls", std::to_string(folder.classes[i]));
  }
  writer.close();
  const CropRows archived(image_shards({place_.path() / "all.tar"}).images, {kCropShape});
  const CropRows all = rows();
  for (std::int64_t i = 0; i < all.count(); ++i) {
    EXPECT_EQ(row_of(archived, i, 3), row_of(all, i, 3));
  }
}

TEST_F(CropRowsTest, NameThePhotographThatIsDamaged) {
  const std::string whole = TemporaryPlace::text_of(place_.path() / "c0/104.jpg");
  place_.write("c0/104.jpg", whole.substr(0, whole.size() / 2));
  const CropRows all = rows();
  EXPECT_THAT(error_text_of([&] { (void)row_of(all, 2); }), HasSubstr("c0/104.jpg: is damaged"));
}

TEST(FlipRow, ExchangesLeftAndRight) {
  CropRow row{1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19};
  flip_row({.height = 2, .width = 3, .channels = 3}, row);
  EXPECT_EQ(row, (CropRow{7, 8, 9, 4, 5, 6, 1, 2, 3, 17, 18, 19, 14, 15, 16, 11, 12, 13}));
}

/// Where a pixel of a decoded part came from is what its colours say.
TEST(DecodedPart, IsTheBoxAskedForAtEveryScale) {
  for (const std::int64_t side : {64, 200, 600}) {
    const std::int64_t height = side + side / 4;
    const auto file = jpeg_of({height, side, 3}, two_ramps(height, side), 95);
    const ImageBox box{
        .top = height / 5, .left = side / 3, .height = height / 2, .width = side / 2};
    CropRow row(static_cast<std::size_t>(kCropShape.size()));
    JpegDecoder decoder;
    decoder.decode_part(file,
                        "ramps",
                        [&](std::int64_t h, std::int64_t w) {
                          EXPECT_EQ(h, height);
                          EXPECT_EQ(w, side);
                          return box;
                        },
                        {kCropShape, row});
    for (std::size_t y = 0; y < 24; ++y) {
      for (std::size_t x = 0; x < 24; ++x) {
        const double from_x = static_cast<double>(box.left) +
                              (static_cast<double>(x) + 0.5) / 24 * static_cast<double>(box.width);
        const double from_y = static_cast<double>(box.top) +
                              (static_cast<double>(y) + 0.5) / 24 * static_cast<double>(box.height);
        // Two pixels of the scale, and what the JPEG lost.
        const double slack = 6 + 255 * 2.0 / 32;
        EXPECT_NEAR(row[(y * 24 + x) * 3], 255 * from_x / static_cast<double>(side), slack);
        EXPECT_NEAR(row[(y * 24 + x) * 3 + 1], 255 * from_y / static_cast<double>(height), slack);
      }
    }
  }
}

TEST(DecodedPart, OfTheWholeImageIsTheWholeImage) {
  const ImageShape shape{.height = 24, .width = 24, .channels = 3};
  const auto file = jpeg_of(shape, two_ramps(24, 24), 90);
  CropRow whole(static_cast<std::size_t>(shape.size()));
  CropRow part(whole.size());
  JpegDecoder decoder;
  decoder.decode(file, "whole", shape, whole);
  decoder.decode_part(
      file,
      "part",
      [](std::int64_t h, std::int64_t w) { return ImageBox{.height = h, .width = w}; },
      {shape, part});
  EXPECT_EQ(whole, part);
}

}  // namespace
}  // namespace gradwatt
