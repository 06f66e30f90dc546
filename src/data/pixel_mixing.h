#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace gradwatt {

/// A place between two pixels, or rows, beside each other.
struct Between {
  std::uint32_t at = 0;      ///< The one before.
  std::uint32_t weight = 0;  ///< Of the one after it, of 256: from 0 to 255.
};

/// Instructions that pixels are mixed with: same results, other speed.
enum class MixingCode { portable, avx2 };

/// The fastest that this processor has.
[[nodiscard]] MixingCode fastest_mixing_code();

/// out = (upper * (256 - weight) + lower * weight + 128) / 256, byte by byte, rounded down.
///
/// Takes     rows of out.size() bytes; a weight from 1 to 255.
/// Example   a byte 0 above 100 with weight 64: 25.
void mix_rows(const std::uint8_t* upper,
              const std::uint8_t* lower,
              std::uint32_t weight,
              std::span<std::uint8_t> out,
              MixingCode code = fastest_mixing_code());

/// Mixes pixels beside each other, for all rows of an image at the same places: the formula of
/// mix_rows() on the channels red, green and blue.
///
/// Takes     rows of `width` pixels of 4 bytes (red, green, blue, any) and 4 bytes more, which are
///           read but do not matter.
/// Example   the greys 0 100 at {0, weight 64}: 25.
class ColumnMixer {
 public:
  ColumnMixer() = default;
  /// Takes     one or more places, in ascending order, at < width; the pixel after the last one
  ///           has weight 0.
  ColumnMixer(const std::vector<Between>& places,
              std::int64_t width,
              MixingCode code = fastest_mixing_code());

  /// The bytes that mix() may write: 3 for each place and a few that do not matter.
  [[nodiscard]] std::size_t line_bytes() const { return line_bytes_; }
  void mix(const std::uint8_t* row, std::uint8_t* line) const;

 private:
  /// Where two places beside each other take their pixels from.
  struct Pair {
    std::uint32_t first = 0;  ///< Byte of the row.
    std::uint32_t second = 0;
    std::array<std::uint16_t, 8> weights{};  ///< Twice for each: of a pixel, of its neighbour.
  };
  /// Four places, the pixels of each two in a window of 16 bytes.
  struct Windows {
    std::array<std::uint32_t, 2> first{};    ///< Byte of the row.
    std::array<std::uint8_t, 32> bytes{};    ///< Of its window: of a pixel, of its neighbour, ...
    std::array<std::uint8_t, 32> weights{};  ///< Of these bytes.
  };
  [[nodiscard]] static std::vector<Pair> pairs_of(const std::vector<Between>& places);
  [[nodiscard]] static std::vector<Windows> windows_of(const std::vector<Between>& places,
                                                       std::int64_t width);
  void mix_pairs(const std::uint8_t* row, std::uint8_t* line) const;
  void mix_windows(const std::uint8_t* row, std::uint8_t* line) const;

  std::vector<Windows> windows_;  ///< Empty where they are not wide enough, or the code portable.
  std::vector<Pair> pairs_;       ///< Empty where there are windows.
  std::size_t line_bytes_ = 0;
};

}  // namespace gradwatt
