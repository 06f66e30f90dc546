#include "data/crop_rows.h"

#include "base/expects.h"
#include "data/jpeg_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace gradwatt {

CropRows::CropRows(StoredImages images, CropRowsOptions options)
    : images_(std::move(images)), options_(options) {
  const ImageShape& shape = options.shape;
  expects(shape.height > 0 && shape.width > 0 && shape.channels == 3, "a shape of RGB pixels");
}

std::size_t CropRows::row_bytes() const { return static_cast<std::size_t>(options_.shape.size()); }

void CropRows::write_row(std::int64_t index, std::span<std::uint8_t> row) const {
  write(index, options_.evaluation, options_.seed, row);
}

void CropRows::write_drawn_row(std::int64_t index,
                               std::uint64_t pass_seed,
                               std::span<std::uint8_t> row) const {
  write(index, options_.training, pass_seed, row);
}

void CropRows::write(std::int64_t index,
                     CropKind kind,
                     std::uint64_t seed,
                     std::span<std::uint8_t> row) const {
  thread_local JpegDecoder decoder;
  thread_local std::vector<std::uint8_t> memory;
  SplitMix64 random(SplitMix64(seed + static_cast<std::uint64_t>(index)).next());
  const auto box_in = [&](std::int64_t height, std::int64_t width) {
    return kind == CropKind::middle ? middle_crop(height, width)
                                    : random_crop(height, width, CropRange{}, random);
  };
  const std::span<const std::uint8_t> file = images_.read(index, memory);
  decoder.decode_part(file, images_.name(index), box_in, {options_.shape, row});
  if (kind == CropKind::drawn && options_.flips && (random.next() & 1U) != 0) {
    flip_row(options_.shape, row);
  }
}

std::string CropRows::key() const {
  // The version changes with any change of the bytes that decoding gives.
  constexpr int kVersion = 1;
  const bool is_middle = options_.evaluation == CropKind::middle;
  return fmt::format(
      "crops {}: {} x {}, {}, {}",
      kVersion,
      options_.shape.height,
      options_.shape.width,
      is_middle ? "middle" : fmt::format("drawn {} {}", options_.flips, options_.seed),
      images_.key());
}

void flip_row(ImageShape shape, std::span<std::uint8_t> row) {
  const auto channels = static_cast<std::size_t>(shape.channels);
  const auto line_bytes = static_cast<std::size_t>(shape.width) * channels;
  for (std::size_t line = 0; line < row.size(); line += line_bytes) {
    std::uint8_t* left = row.data() + line;
    std::uint8_t* right = left + line_bytes - channels;
    for (; left < right; left += channels, right -= channels) {
      std::swap_ranges(left, left + channels, right);
    }
  }
}

}  // namespace gradwatt
