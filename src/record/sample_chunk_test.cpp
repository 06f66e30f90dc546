#include "record/sample_chunk.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace gradwatt {
namespace {

using Column = SampleChunk::Column;

SampleRow row(std::vector<std::optional<Energy>> energies,
              std::vector<std::optional<Power>> powers = {}) {
  return {0, Instant{}, std::move(energies), std::move(powers)};
}

SampleChunk steady(std::int64_t step_uj, std::size_t count) {
  SampleChunk chunk;
  for (std::size_t i = 0; i < count; ++i) {
    const auto n = static_cast<std::int64_t>(i);
    add_reading(chunk, n * 100'000, row({Energy{n * step_uj}}));
  }
  return chunk;
}

/// Anything a chunk may hold: extreme values, unknown ones, columns without any.
SampleChunk any_chunk(std::mt19937_64& random) {
  const auto up_to = [&](std::uint64_t most) { return random() % (most + 1); };
  const auto any_value = [&] {
    const std::uint64_t kind = up_to(9);
    return kind == 0   ? std::numeric_limits<std::int64_t>::min()
           : kind == 1 ? std::numeric_limits<std::int64_t>::max()
                       : static_cast<std::int64_t>(random()) >> up_to(63);
  };
  const auto any_column = [&](std::size_t count) {
    Column column(count);
    const std::uint64_t known_of_4 = up_to(4);
    const std::int64_t unit = up_to(1) == 0 ? 1 : 1000;
    for (auto& value : column) {
      if (up_to(3) < known_of_4) {
        value = unit == 1 ? any_value() : static_cast<std::int64_t>(up_to(1'000'000)) * unit;
      }
    }
    return column;
  };
  SampleChunk chunk;
  const std::size_t count = 1 + up_to(20);
  std::int64_t time = static_cast<std::int64_t>(random()) >> 8U;
  for (std::size_t i = 0; i < count; ++i) {
    chunk.times_us.push_back(time += 1 + static_cast<std::int64_t>(up_to(1U << up_to(30))));
  }
  const std::size_t channels = up_to(3);
  for (std::size_t c = 0; c < channels; ++c) {
    chunk.energies_uj.push_back(any_column(count));
  }
  for (std::size_t c = 0; channels > 0 && up_to(1) == 0 && c < channels; ++c) {
    chunk.powers_mw.resize(channels, Column(count));
    chunk.powers_mw[c] = any_column(count);
  }
  return chunk;
}

TEST(SampleChunk, ComesBackAsItWasWhateverItHolds) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 3000; ++round) {
    const SampleChunk chunk = any_chunk(random);
    const auto back = decode_chunk(encode_chunk(chunk));
    ASSERT_TRUE(back) << round;
    ASSERT_EQ(*back, chunk) << round;
  }
}

// By hand: format 1, 3 readings, 1 channel, no powers; times in steps of 1000: 0, 1, then no
// change; energies all known in steps of 500: 7 (zigzag 14), 1 (2), 2 more (2 - 1 = 1: 2).
TEST(SampleChunk, HasTheBytesThatTheDocumentSays) {
  SampleChunk chunk;
  chunk.times_us = {0, 1000, 2000};
  chunk.energies_uj = {Column{7, 507, 1507}};
  const std::string expected{1, 3, 1, 0, '\xe8', 7, 0, 2, 0, 1, '\xf4', 3, 14, 2, 2};
  EXPECT_EQ(encode_chunk(chunk), expected);
}

TEST(SampleChunk, IsNoneWhenItIsCutShortOrTooLong) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 200; ++round) {
    const std::string bytes = encode_chunk(any_chunk(random));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      ASSERT_EQ(decode_chunk(std::string_view(bytes).substr(0, size)), std::nullopt) << size;
    }
    ASSERT_EQ(decode_chunk(bytes + '\0'), std::nullopt);
  }
}

TEST(SampleChunk, SurvivesEveryFlippedBitAndAnyBytes) {
  std::mt19937_64 random(13);
  int other = 0;
  for (int round = 0; round < 300; ++round) {
    const SampleChunk chunk = any_chunk(random);
    std::string bytes = encode_chunk(chunk);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      const char mask = static_cast<char>(1U << (bit % 8));
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ mask);
      const auto back = decode_chunk(bytes);
      other += back && *back != chunk ? 1 : 0;
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ mask);
    }
    for (char& byte : bytes) {
      byte = static_cast<char>(random());
    }
    static_cast<void>(decode_chunk(bytes));
  }
  EXPECT_GT(other, 0);  // Which is why each chunk has its checksum.
}

TEST(SampleChunk, DoesNotBelieveSizesThatDoNotFit) {
  const std::string many_channels = {1, 100, '\xff', '\x7f', 0};
  EXPECT_EQ(decode_chunk(many_channels + std::string(70'000, '\0')), std::nullopt);
  const std::string many_readings = {1, '\xff', '\xff', '\xff', '\xff', '\x0f', 1, 0};
  EXPECT_EQ(decode_chunk(many_readings + std::string(1000, '\0')), std::nullopt);
  EXPECT_EQ(decode_chunk(std::string(20, '\xff')), std::nullopt);
  EXPECT_EQ(decode_chunk(""), std::nullopt);
}

TEST(SampleChunk, TakesTwoBytesAReadingWhenNothingChanges) {
  EXPECT_LT(encode_chunk(steady(61, 512)).size(), 2 * 512 + 30U);
}

TEST(SampleChunk, DoesNotPayForACoarseUnit) {
  std::mt19937_64 random(17);
  std::int64_t sum = 0;
  SampleChunk fine;
  SampleChunk coarse;
  for (int i = 0; i < 512; ++i) {
    sum += 10'000 + static_cast<std::int64_t>(random() % 60);
    add_reading(fine, i * 100'000, row({Energy{sum}}));
    add_reading(coarse, i * 100'000, row({Energy{sum * 1000}}));
  }
  EXPECT_LE(encode_chunk(coarse).size(), encode_chunk(fine).size() + 10);
}

TEST(SampleChunk, KeepsTheLaterOfTwoReadingsInOneMicrosecond) {
  SampleChunk chunk;
  add_reading(chunk, 5, row({Energy{1}}, {Power{1}}));
  add_reading(chunk, 5, row({Energy{2}}, {Power{2}}));
  add_reading(chunk, 4, row({Energy{3}}, {Power{3}}));
  ASSERT_EQ(chunk.times_us, std::vector<std::int64_t>{5});
  EXPECT_EQ(chunk.energies_uj, std::vector<Column>{Column{2}});
  EXPECT_EQ(chunk.powers_mw, std::vector<Column>{Column{2000}});
}

TEST(SampleChunk, DoesNotKnowPowersOfReadingsWithoutThem) {
  SampleChunk chunk;
  add_reading(chunk, 1, row({Energy{1}, Energy{1}}));
  add_reading(chunk, 2, row({Energy{2}, Energy{2}}, {std::nullopt, Power{12.3456}}));
  add_reading(chunk, 3, row({Energy{3}, std::nullopt}));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  add_reading(chunk, 4, row({Energy{4}, Energy{4}}, {Power{nan}, Power{-0.5}}));
  ASSERT_EQ(chunk.powers_mw.size(), 2U);
  EXPECT_EQ(chunk.powers_mw[0], Column(4));
  EXPECT_EQ(chunk.powers_mw[1], (Column{std::nullopt, 12346, std::nullopt, -500}));
  EXPECT_EQ(chunk.energies_uj[1], (Column{1, 2, std::nullopt, 4}));
  EXPECT_EQ(decode_chunk(encode_chunk(chunk)), chunk);
}

}  // namespace
}  // namespace gradwatt
