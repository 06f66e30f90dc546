#include "data/pixel_mixing.h"

#include "data/random_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::ElementsAre;

std::vector<std::uint8_t> random_bytes(std::size_t count, std::uint64_t seed) {
  SplitMix64 random(seed);
  std::vector<std::uint8_t> bytes(count);
  for (auto& byte : bytes) {
    byte = static_cast<std::uint8_t>(random.next());
  }
  // The extremes, beside each other, and each after itself.
  for (std::size_t i = 0; i + 8 < count && i < 32; ++i) {
    bytes[i] = i / 4 % 2 == 0 ? 255 : 0;
  }
  return bytes;
}

/// `count` places evenly over a row of `width` pixels.
std::vector<Between> even_places(std::size_t count, std::uint32_t width) {
  std::vector<Between> places;
  for (std::size_t i = 0; i < count; ++i) {
    const auto place =
        static_cast<std::uint32_t>(i * (width - 1) * 256 / std::max<std::size_t>(1, count - 1));
    places.push_back({place / 256, place % 256});
  }
  return places;
}

std::vector<std::uint8_t> mixed(const std::vector<Between>& places,
                                const std::vector<std::uint8_t>& row,
                                MixingCode code) {
  const ColumnMixer mixer(places, static_cast<std::int64_t>(row.size() / 4) - 1, code);
  std::vector<std::uint8_t> line(mixer.line_bytes());
  mixer.mix(row.data(), line.data());
  line.resize(places.size() * 3);
  return line;
}

TEST(MixRows, WeightsTheLowerRow) {
  const std::vector<std::uint8_t> upper{0, 100, 255};
  const std::vector<std::uint8_t> lower{100, 0, 255};
  std::vector<std::uint8_t> out(3);
  mix_rows(upper.data(), lower.data(), 64, out);
  EXPECT_THAT(out, ElementsAre(25, 75, 255));
}

TEST(MixRows, GivesTheSameBytesWithAnyCode) {
  for (const std::size_t size : {1U, 31U, 32U, 67U, 672U}) {
    const auto upper = random_bytes(size, 1);
    const auto lower = random_bytes(size + 4, 2);
    for (std::uint32_t weight = 1; weight < 256; ++weight) {
      std::vector<std::uint8_t> plain(size);
      std::vector<std::uint8_t> fast(size);
      mix_rows(upper.data(), lower.data() + 4, weight, plain, MixingCode::portable);
      mix_rows(upper.data(), lower.data() + 4, weight, fast);
      ASSERT_EQ(plain, fast) << size << " bytes, weight " << weight;
    }
  }
}

TEST(ColumnMixer, MixesThreeChannelsAndDropsTheFourth) {
  const std::vector<std::uint8_t> row{0, 10, 255, 7, 100, 20, 0, 7, 9, 9, 9, 9};
  for (const MixingCode code : {MixingCode::portable, fastest_mixing_code()}) {
    EXPECT_THAT(mixed({{0, 0}, {0, 64}, {1, 0}}, row, code),
                ElementsAre(0, 10, 255, 25, 13, 191, 100, 20, 0));
  }
}

TEST(ColumnMixer, GivesTheSameBytesWithAnyCode) {
  for (const std::uint32_t width : {1U, 2U, 3U, 4U, 5U, 17U, 64U, 178U}) {
    const auto row = random_bytes((width + 1) * 4, width);
    for (const std::size_t count : {1U, 2U, 3U, 5U, 9U, 32U, 45U, 128U, 224U}) {
      const auto places = even_places(count, width);
      EXPECT_EQ(mixed(places, row, MixingCode::portable), mixed(places, row, fastest_mixing_code()))
          << width << " pixels to " << count;
    }
  }
}

}  // namespace
}  // namespace gradwatt
