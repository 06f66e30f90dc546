#include "data/pixel_mixing.h"

#include "base/expects.h"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace gradwatt {
namespace {

constexpr std::uint32_t kWhole = 256;
constexpr std::uint32_t kWindowPixels = 4;
constexpr std::uint8_t kNoByte = 0x80;  ///< Where a window gives 0.

/// Sixteen bytes. GCC and clang turn arithmetic on such types into the vector code of the machine,
/// which is several times as fast as one channel after the other.
using Words = std::uint16_t __attribute__((vector_size(16)));
using Halves = std::uint64_t __attribute__((vector_size(16)));

template <typename To>
To loaded(const void* from) {
  To value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// In the low word pair of each half: the sum of its two pixels.
Words neighbours_added(Words words) {
  return words + std::bit_cast<Words>(std::bit_cast<Halves>(words) >> 32U);
}

void mix_bytes(const std::uint8_t* upper,
               const std::uint8_t* lower,
               std::uint32_t weight,
               std::span<std::uint8_t> out) {
  const auto down = static_cast<std::uint16_t>(weight);
  const auto up = static_cast<std::uint16_t>(kWhole - weight);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<std::uint8_t>((upper[i] * up + lower[i] * down + 128) >> 8);
  }
}

#if defined(__x86_64__)

/// Of bytes p and q beside each other, weighted with v and w (v + w = 256): (pv + qw + 128) / 256,
/// in words. The instruction multiplies unsigned by signed numbers, so pixels come 128 too low,
/// and sums 128 * 256.
__attribute__((target("avx2"))) inline __m256i mixed_words(__m256i low_pixels, __m256i weights) {
  const __m256i sums = _mm256_maddubs_epi16(weights, low_pixels);
  return _mm256_srli_epi16(_mm256_add_epi16(sums, _mm256_set1_epi16(-0x7f80)), 8);
}

__attribute__((target("avx2"))) inline __m256i vector_at(const std::uint8_t* from) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

__attribute__((target("avx2"))) inline __m256i lowered(__m256i pixels) {
  return _mm256_xor_si256(pixels, _mm256_set1_epi8(-0x80));
}

/// As mix_bytes(), without the last bytes that do not fill a vector; returns how many it mixed.
__attribute__((target("avx2"))) std::size_t mix_vectors(const std::uint8_t* upper,
                                                        const std::uint8_t* lower,
                                                        std::uint32_t weight,
                                                        std::span<std::uint8_t> out) {
  const auto both = static_cast<std::uint16_t>((kWhole - weight) | weight << 8U);
  const __m256i weights = _mm256_set1_epi16(std::bit_cast<std::int16_t>(both));
  std::size_t i = 0;
  for (; i + 32 <= out.size(); i += 32) {
    const __m256i above = lowered(vector_at(upper + i));
    const __m256i below = lowered(vector_at(lower + i));
    const __m256i first = mixed_words(_mm256_unpacklo_epi8(above, below), weights);
    const __m256i last = mixed_words(_mm256_unpackhi_epi8(above, below), weights);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out.data() + i),
                        _mm256_packus_epi16(first, last));
  }
  return i;
}

__attribute__((target("avx2"))) inline __m128i half_at(const std::uint8_t* from) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

#endif

}  // namespace

MixingCode fastest_mixing_code() {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  return has_avx2 ? MixingCode::avx2 : MixingCode::portable;
#else
  return MixingCode::portable;
#endif
}

void mix_rows(const std::uint8_t* upper,
              const std::uint8_t* lower,
              std::uint32_t weight,
              std::span<std::uint8_t> out,
              MixingCode code) {
  std::size_t done = 0;
#if defined(__x86_64__)
  if (code == MixingCode::avx2) {
    done = mix_vectors(upper, lower, weight, out);
  }
#else
  expects(code == MixingCode::portable, "code for this processor");
#endif
  mix_bytes(upper + done, lower + done, weight, out.subspan(done));
}

ColumnMixer::ColumnMixer(const std::vector<Between>& places, std::int64_t width, MixingCode code) {
  if (code == MixingCode::avx2) {
    windows_ = windows_of(places, width);
  }
  if (windows_.empty()) {
    pairs_ = pairs_of(places);
  }
  // The last store of either writes two bytes more than its pixels.
  line_bytes_ = windows_.size() * 12 + pairs_.size() * 6 + 2;
}

std::vector<ColumnMixer::Pair> ColumnMixer::pairs_of(const std::vector<Between>& places) {
  std::vector<Pair> pairs((places.size() + 1) / 2);
  for (std::size_t i = 0; i < pairs.size() * 2; ++i) {
    const Between place = places[std::min(i, places.size() - 1)];
    Pair& pair = pairs[i / 2];
    (i % 2 == 0 ? pair.first : pair.second) = place.at * 4;
    auto* weights = pair.weights.data() + i % 2 * 4;
    std::fill_n(weights, 2, static_cast<std::uint16_t>(kWhole - place.weight));
    std::fill_n(weights + 2, 2, static_cast<std::uint16_t>(place.weight));
  }
  return pairs;
}

/// None where two places beside each other do not fit into a window: the row is too narrow, or
/// shrinks to less than a half.
std::vector<ColumnMixer::Windows> ColumnMixer::windows_of(const std::vector<Between>& places,
                                                          std::int64_t width) {
  if (width + 1 < kWindowPixels) {
    return {};
  }
  const auto last_first = static_cast<std::uint32_t>(width + 1 - kWindowPixels);
  std::vector<Windows> all((places.size() + 3) / 4);
  for (std::size_t i = 0; i < all.size() * 4; ++i) {
    const Between place = places[std::min(i, places.size() - 1)];
    Windows& windows = all[i / 4];
    const std::size_t half = i % 4 / 2;
    if (i % 2 == 0) {
      windows.first[half] = std::min(place.at, last_first) * 4;
      std::fill_n(windows.bytes.data() + half * 16, 16, kNoByte);
    }
    // Weights of 256 are none of a byte: a pixel alone is mixed with itself.
    const std::uint32_t next = place.weight > 0 ? 4 : 0;
    const std::uint32_t weight = place.weight > 0 ? place.weight : kWhole / 2;
    const std::uint32_t byte = place.at * 4 - windows.first[half];
    if (byte + next + 4 > kWindowPixels * 4) {
      return {};
    }
    for (std::uint32_t channel = 0; channel < 3; ++channel) {
      const std::size_t to = half * 16 + i % 2 * 6 + std::size_t{channel} * 2;
      windows.bytes[to] = static_cast<std::uint8_t>(byte + channel);
      windows.bytes[to + 1] = static_cast<std::uint8_t>(byte + channel + next);
      windows.weights[to] = static_cast<std::uint8_t>(kWhole - weight);
      windows.weights[to + 1] = static_cast<std::uint8_t>(weight);
    }
  }
  return all;
}

void ColumnMixer::mix(const std::uint8_t* row, std::uint8_t* line) const {
  if (windows_.empty()) {
    mix_pairs(row, line);
  } else {
    mix_windows(row, line);
  }
}

void ColumnMixer::mix_pairs(const std::uint8_t* row, std::uint8_t* line) const {
  for (const Pair& pair : pairs_) {
    // Each half is a pixel and its right neighbour; each word of it two channels.
    const auto pixels = std::bit_cast<Words>(
        Halves{loaded<std::uint64_t>(row + pair.first), loaded<std::uint64_t>(row + pair.second)});
    const auto weights = loaded<Words>(pair.weights.data());
    const Words even = neighbours_added((pixels & 0xff) * weights) + 128;
    const Words odd = neighbours_added((pixels >> 8) * weights) + 128;
    const auto mixed = std::bit_cast<Halves>((even >> 8) | (odd & 0xff00));
    // The fourth byte of a pixel is written over by the next one.
    const auto first = static_cast<std::uint32_t>(mixed[0]);
    const auto second = static_cast<std::uint32_t>(mixed[1]);
    std::memcpy(line, &first, sizeof first);
    std::memcpy(line + 3, &second, sizeof second);
    line += 6;
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void ColumnMixer::mix_windows(const std::uint8_t* row,
                                                              std::uint8_t* line) const {
  for (const Windows& windows : windows_) {
    const __m256i pixels =
        _mm256_inserti128_si256(_mm256_castsi128_si256(half_at(row + windows.first[0])),
                                half_at(row + windows.first[1]),
                                1);
    const __m256i beside = _mm256_shuffle_epi8(pixels, vector_at(windows.bytes.data()));
    const __m256i words = mixed_words(lowered(beside), vector_at(windows.weights.data()));
    const __m256i mixed = _mm256_packus_epi16(words, words);
    // Six bytes of each half; the two after them are written over by the next one.
    _mm_storel_epi64(reinterpret_cast<__m128i*>(line), _mm256_castsi256_si128(mixed));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(line + 6), _mm256_extracti128_si256(mixed, 1));
    line += 12;
  }
}
#else
void ColumnMixer::mix_windows(const std::uint8_t*, std::uint8_t*) const {
  expects(false, "code for this processor");
}
#endif

}  // namespace gradwatt
