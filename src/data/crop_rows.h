#pragma once

#include "data/image_crop.h"
#include "data/image_set.h"
#include "data/row_source.h"
#include "data/stored_images.h"

#include <string>

namespace gradwatt {

/// What of a photograph a network sees.
enum class CropKind {
  middle,  ///< middle_crop(), never flipped.
  drawn    ///< random_crop() of CropRange{}, flipped from left to right or not.
};

struct CropRowsOptions {
  ImageShape shape;                       ///< Of a row; 3 channels.
  CropKind training = CropKind::drawn;    ///< Of a pass that draws.
  CropKind evaluation = CropKind::drawn;  ///< Of write_row(): drawn once for each photograph.
  bool flips = true;                      ///< Drawn ones, by a coin.
  std::uint64_t seed = 0;                 ///< Of the crops that write_row() draws.
};

/// Photographs as rows of [height, width, RGB] bytes: a part of each, decoded when it is asked for,
/// at the smallest scale of the DCT that still covers the row, then resized to it (row_scaler.h).
///
/// What is drawn for a photograph depends on (pass seed, index) alone: it is the same for any
/// number of threads, in any order of the batches.
class CropRows final : public RowSource {
 public:
  CropRows(StoredImages images, CropRowsOptions options);

  [[nodiscard]] std::int64_t count() const override { return images_.count(); }
  [[nodiscard]] std::size_t row_bytes() const override;
  /// As an evaluation sees it. Throws Error naming the photograph when it cannot be read or is
  /// damaged.
  void write_row(std::int64_t index, std::span<std::uint8_t> row) const override;
  void write_drawn_row(std::int64_t index,
                       std::uint64_t pass_seed,
                       std::span<std::uint8_t> row) const override;

  /// What the bytes of write_row() depend on, for row_cache.h.
  [[nodiscard]] std::string key() const;

 private:
  void write(std::int64_t index,
             CropKind kind,
             std::uint64_t seed,
             std::span<std::uint8_t> row) const;

  StoredImages images_;
  CropRowsOptions options_;
};

/// Flips a row of [height, width, RGB] from left to right.
/// Example   of height 1: pixels A B C become C B A.
void flip_row(ImageShape shape, std::span<std::uint8_t> row);

}  // namespace gradwatt
