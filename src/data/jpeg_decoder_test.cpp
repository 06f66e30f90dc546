#include "data/jpeg_decoder.h"

#include "base/error.h"
#include "data/jpeg_encoder.h"
#include "data/jpeg_errors.h"
#include "data/random_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <functional>
#include <string>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using JpegBytes = std::vector<std::uint8_t>;

constexpr ImageShape kCelebaShape{.height = 218, .width = 178, .channels = 3};

/// Smooth waves of colour, different in each direction, with a little noise.
JpegBytes wavy_pixels(ImageShape shape) {
  SplitMix64 random(1);
  JpegBytes pixels;
  for (std::int64_t y = 0; y < shape.height; ++y) {
    for (std::int64_t x = 0; x < shape.width; ++x) {
      for (std::int64_t channel = 0; channel < shape.channels; ++channel) {
        const double across = static_cast<double>(x) / static_cast<double>(shape.width);
        const double down = static_cast<double>(y) / static_cast<double>(shape.height);
        const double wave = std::sin(across * static_cast<double>(3 + 2 * channel)) +
                            std::cos(down * static_cast<double>(7 - 2 * channel));
        pixels.push_back(static_cast<std::uint8_t>(128 + 55 * wave + random.below(8)));
      }
    }
  }
  return pixels;
}

JpegBytes wavy_jpeg(ImageShape shape) { return jpeg_of(shape, wavy_pixels(shape), 90); }

JpegBytes decoded(const JpegBytes& file, std::int64_t height, std::int64_t width) {
  JpegBytes row(static_cast<std::size_t>(height * width * 3));
  JpegDecoder().decode(file, "a.jpg", {.height = height, .width = width, .channels = 3}, row);
  return row;
}

std::string decode_failure(const JpegBytes& file, std::int64_t side = 64) {
  try {
    (void)decoded(file, side, side);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

/// A file written with settings that jpeg_of does not have.
JpegBytes special_jpeg(ImageShape shape,
                       J_COLOR_SPACE space,
                       const std::function<void(jpeg_compress_struct&)>& settings) {
  const JpegBytes pixels = wavy_pixels(shape);
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = ::jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* file = nullptr;
  unsigned long size = 0;
  ::jpeg_mem_dest(&jpeg, &file, &size);
  jpeg.image_width = static_cast<JDIMENSION>(shape.width);
  jpeg.image_height = static_cast<JDIMENSION>(shape.height);
  jpeg.input_components = static_cast<int>(shape.channels);
  jpeg.in_color_space = space;
  ::jpeg_set_defaults(&jpeg);
  settings(jpeg);
  ::jpeg_start_compress(&jpeg, TRUE);
  while (jpeg.next_scanline < jpeg.image_height) {
    auto* row =
        const_cast<JSAMPROW>(pixels.data() + jpeg.next_scanline * shape.width * shape.channels);
    ::jpeg_write_scanlines(&jpeg, &row, 1);
  }
  ::jpeg_finish_compress(&jpeg);
  JpegBytes bytes(file, file + size);
  ::jpeg_destroy_compress(&jpeg);
  std::free(file);
  return bytes;
}

double mean_difference(const JpegBytes& a, const JpegBytes& b) {
  EXPECT_EQ(a.size(), b.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += std::abs(a[i] - b[i]);
  }
  return sum / static_cast<double>(a.size());
}

/// Pixels of `shape` cut and shrunk by taking the mean of what falls on each target pixel.
JpegBytes exact_shrink(const JpegBytes& pixels, ImageShape shape, std::int64_t side) {
  const std::int64_t part = std::min(shape.width, shape.height);
  const std::int64_t left = (shape.width - part) / 2;
  const std::int64_t top = (shape.height - part) / 2;
  JpegBytes small;
  for (std::int64_t i = 0; i < side * side * 3; ++i) {
    double sum = 0;
    double weight = 0;
    for (int sample = 0; sample < 64; ++sample) {
      const auto at = [&](std::int64_t index, int step) {
        return (index * 8 + step) * part / (side * 8);
      };
      const std::int64_t y = top + at(i / 3 / side, sample / 8);
      const std::int64_t x = left + at(i / 3 % side, sample % 8);
      sum += pixels[static_cast<std::size_t>((y * shape.width + x) * 3 + i % 3)];
      weight += 1;
    }
    small.push_back(static_cast<std::uint8_t>(sum / weight + 0.5));
  }
  return small;
}

TEST(JpegDecoder, GivesWhatWasEncoded) {
  const JpegBytes pixels = wavy_pixels(kCelebaShape);
  const JpegBytes back = decoded(jpeg_of(kCelebaShape, pixels, 95), 218, 178);
  EXPECT_LT(mean_difference(back, pixels), 2.5);
}

TEST(JpegDecoder, ReachesSmallerAndLargerSizesWithTheMiddleOfTheImage) {
  const JpegBytes pixels = wavy_pixels(kCelebaShape);
  const JpegBytes file = jpeg_of(kCelebaShape, pixels, 95);
  for (const std::int64_t side : {8, 16, 23, 32, 64, 89, 90, 128, 178, 224}) {
    EXPECT_LT(mean_difference(decoded(file, side, side), exact_shrink(pixels, kCelebaShape, side)),
              side < 20 ? 4.0 : 3.0)
        << side;
  }
}

TEST(JpegDecoder, AveragesWhenEvenAnEighthIsFarTooLarge) {
  const ImageShape large{.height = 640, .width = 800, .channels = 3};
  const JpegBytes pixels = wavy_pixels(large);
  EXPECT_LT(
      mean_difference(decoded(jpeg_of(large, pixels, 95), 9, 9), exact_shrink(pixels, large, 9)),
      3.0);
}

TEST(JpegDecoder, TakesTheSameRowsFromAnySamplingAndFromProgressiveFiles) {
  // Above 178 the rows are those of the full image from row 20 on, without the 20 before them.
  const JpegBytes whole = decoded(wavy_jpeg(kCelebaShape), 218, 178);
  const JpegBytes middle = decoded(wavy_jpeg(kCelebaShape), 178, 178);
  EXPECT_TRUE(std::equal(middle.begin(), middle.end(), whole.begin() + 20 * 178 * 3));
  const auto progressive = special_jpeg(
      kCelebaShape, JCS_RGB, [](jpeg_compress_struct& jpeg) { ::jpeg_simple_progression(&jpeg); });
  const auto plain = special_jpeg(kCelebaShape, JCS_RGB, [](jpeg_compress_struct&) {});
  EXPECT_EQ(decoded(progressive, 64, 64), decoded(plain, 64, 64));
  EXPECT_EQ(decoded(progressive, 224, 224), decoded(plain, 224, 224));
  const auto full_colour = special_jpeg(kCelebaShape, JCS_RGB, [](jpeg_compress_struct& jpeg) {
    jpeg.comp_info[0].h_samp_factor = 1;
    jpeg.comp_info[0].v_samp_factor = 1;
  });
  EXPECT_LT(mean_difference(decoded(full_colour, 128, 128), decoded(plain, 128, 128)), 3.0);
  const auto as_rgb = special_jpeg(kCelebaShape, JCS_RGB, [](jpeg_compress_struct& jpeg) {
    ::jpeg_set_colorspace(&jpeg, JCS_RGB);
  });
  EXPECT_LT(mean_difference(decoded(as_rgb, 128, 128), decoded(plain, 128, 128)), 3.0);
}

TEST(JpegDecoder, MakesGreyImagesRgb) {
  const ImageShape grey{.height = 16, .width = 16, .channels = 1};
  const JpegBytes file = jpeg_of(grey, JpegBytes(256, 90), 90);
  EXPECT_THAT(decoded(file, 1, 2), ElementsAre(90, 90, 90, 90, 90, 90));
  EXPECT_EQ(jpeg_shape(file, "a.jpg"), grey);
  EXPECT_EQ(jpeg_shape(wavy_jpeg(kCelebaShape), "a.jpg"), kCelebaShape);
}

TEST(JpegDecoder, RefusesWhatIsDamagedAnywhere) {
  const JpegBytes file = wavy_jpeg(kCelebaShape);
  EXPECT_THAT(decode_failure({}), HasSubstr("a.jpg: is damaged: Empty input file"));
  EXPECT_THAT(decode_failure({'<', 'h', 't'}), HasSubstr("Not a JPEG file: starts with 0x3c 0x68"));
  EXPECT_THAT(decode_failure({file.begin(), file.begin() + 100}), HasSubstr("is damaged: "));
  for (const std::size_t lacking : {2U, 40U, 1000U, 4000U}) {
    // The last rows are not even used at 64 x 64.
    EXPECT_THAT(decode_failure({file.begin(), file.end() - lacking}),
                HasSubstr("a.jpg: is damaged: Premature end of JPEG file"))
        << lacking;
  }
  JpegBytes bent = file;
  std::fill(bent.begin() + 3000, bent.begin() + 3020, std::uint8_t{0xff});
  EXPECT_THAT(decode_failure(bent), HasSubstr("is damaged: "));
}

TEST(JpegDecoder, SurvivesAnyByteThatIsChanged) {
  const JpegBytes file = wavy_jpeg({.height = 40, .width = 33, .channels = 3});
  SplitMix64 random(3);
  JpegDecoder decoder;
  JpegBytes row(std::size_t{16} * 16 * 3);
  for (int trial = 0; trial < 3000; ++trial) {
    JpegBytes bent = file;
    for (std::uint32_t i = 0; i <= random.below(3); ++i) {
      bent[random.below(static_cast<std::uint32_t>(bent.size()))] =
          static_cast<std::uint8_t>(random.below(256));
    }
    try {
      decoder.decode(bent, "a.jpg", {.height = 16, .width = 16, .channels = 3}, row);
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("a.jpg: "));
    }
  }
  decoder.decode(file, "a.jpg", {.height = 16, .width = 16, .channels = 3}, row);
  EXPECT_EQ(row, decoded(file, 16, 16));
}

TEST(JpegDecoder, RefusesImagesThatWouldFillTheMemory) {
  JpegBytes file = wavy_jpeg({.height = 16, .width = 16, .channels = 3});
  const JpegBytes mark{0xff, 0xc0};
  const auto frame = std::search(file.begin(), file.end(), mark.begin(), mark.end());
  ASSERT_NE(frame, file.end());
  const auto with_size = [&](int height, int width) {
    frame[5] = static_cast<std::uint8_t>(height / 256);
    frame[6] = static_cast<std::uint8_t>(height % 256);
    frame[7] = static_cast<std::uint8_t>(width / 256);
    frame[8] = static_cast<std::uint8_t>(width % 256);
    return decode_failure(file);
  };
  EXPECT_THAT(with_size(16, 16385), HasSubstr("a.jpg: is 16385 x 16 pixels; at most 16384"));
  EXPECT_THAT(with_size(8001, 8000), HasSubstr("is 8000 x 8001 pixels"));
  EXPECT_THAT(with_size(16, 16), HasSubstr("no error"));
}

TEST(JpegDecoder, RefusesAFileOfEndlessScans) {
  // One scan for each coefficient, then one for its last bit: 127 of them, all allowed.
  std::vector<jpeg_scan_info> scans(127);
  for (std::size_t i = 0; i < scans.size(); ++i) {
    const int coefficient = static_cast<int>(i > 63 ? i - 63 : i);
    const bool is_last_bit = i > 63;
    scans[i] = {.comps_in_scan = 1,
                .component_index = {0},
                .Ss = coefficient,
                .Se = coefficient,
                .Ah = is_last_bit ? 1 : 0,
                .Al = is_last_bit || i == 0 ? 0 : 1};
  }
  const auto file_of = [&](int count) {
    return special_jpeg(
        {.height = 16, .width = 16, .channels = 1}, JCS_GRAYSCALE, [&](jpeg_compress_struct& jpeg) {
          jpeg.scan_info = scans.data();
          jpeg.num_scans = count;
        });
  };
  EXPECT_THAT(decode_failure(file_of(100)), HasSubstr("no error"));
  EXPECT_THAT(decode_failure(file_of(127)), HasSubstr("a.jpg: is damaged: more than 100 scans"));
}

TEST(JpegDecoder, RefusesCmyk) {
  const auto cmyk = special_jpeg(
      {.height = 16, .width = 16, .channels = 4}, JCS_CMYK, [](jpeg_compress_struct&) {});
  EXPECT_THAT(decode_failure(cmyk), HasSubstr("a.jpg: has 4 colour components (CMYK?)"));
}

}  // namespace
}  // namespace gradwatt
