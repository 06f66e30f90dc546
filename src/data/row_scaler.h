#pragma once

#include "data/image_crop.h"
#include "data/image_set.h"
#include "data/pixel_mixing.h"

#include <cstdint>
#include <span>
#include <vector>

namespace gradwatt {

/// Cuts a part out of an image and resizes it, while its rows come in one by one, in integer
/// arithmetic: the same bytes on every machine. The part is the middle, cut to the target's aspect,
/// or a box that is stretched to it.
///
/// Bilinear between pixel centres, in 1/256 of a pixel, rounded after each direction. When two or
/// more source pixels fall on one of the target, blocks of k x k (k the whole part of the factor)
/// are averaged first, and pixels that fill no block are cut off, less than one target pixel in
/// all; below that nothing is smoothed, because the DCT scaling has done it.
/// Example   a row of the greys 0 100 made four wide: 0 25 75 100.
/// Not thread-safe. Reuses its memory; tables are kept while the shapes stay the same.
class RowScaler {
 public:
  /// Takes     the shape of the source (its channels do not matter) and of the target (channels
  ///           3), each at least one pixel; `out` of target.size() bytes, HWC RGB, which must live
  ///           until the last row. May allocate; add() does not.
  void begin(ImageShape source, ImageShape target, std::span<std::uint8_t> out);
  /// The same for a box of at least one pixel inside the source.
  void begin(ImageShape source, ImageBox box, ImageShape target, std::span<std::uint8_t> out);

  /// The source rows that are needed: from first_row() to before end_row().
  [[nodiscard]] std::int64_t first_row() const { return top_; }
  [[nodiscard]] std::int64_t end_row() const { return top_ + height_ * block_; }

  /// The next of these rows: 4 bytes for each pixel (red, green, blue, any) and 4 more after the
  /// last pixel, which are read but do not matter.
  void add(const std::uint8_t* row);

 private:
  [[nodiscard]] static ImageBox middle_of(ImageShape source, ImageShape target);
  void plan(ImageBox box);
  void average(const std::uint8_t* row);
  void take(const std::uint8_t* row);
  void emit();

  [[nodiscard]] static std::vector<Between> places(std::int64_t source, std::int64_t target);

  ImageShape source_;
  ImageBox box_;
  ImageShape target_;
  std::int64_t left_ = 0;    ///< Of the part that is used, in source pixels.
  std::int64_t top_ = 0;     ///<
  std::int64_t width_ = 0;   ///< Of that part, in blocks.
  std::int64_t height_ = 0;  ///<
  std::int64_t block_ = 1;   ///< Source pixels on the side of a block.
  ColumnMixer columns_;
  std::vector<Between> rows_;
  std::vector<std::uint8_t> lines_[2];  ///< Rows at the target's width: of an even, an odd row.
  std::vector<std::uint32_t> sums_;     ///< [width_, 4] of the block row that is coming in.
  std::vector<std::uint8_t> averaged_;  ///< [width_ + 1, 4].
  std::span<std::uint8_t> out_;
  std::int64_t seen_ = 0;      ///< Rows of blocks so far.
  std::int64_t in_block_ = 0;  ///< Source rows of the block row that is coming in.
  std::int64_t written_ = 0;   ///< Target rows so far.
};

}  // namespace gradwatt
