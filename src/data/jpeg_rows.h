#pragma once

#include "data/image_set.h"
#include "data/row_source.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradwatt {

/// JPEG files as rows of [height, width, RGB] bytes; each is read and decoded when it is asked for
/// (jpeg_decoder.h), with a decoder that each thread keeps.
class JpegRows final : public RowSource {
 public:
  /// Takes     a shape of 3 channels; `remedy`, a further line for errors of write_row.
  JpegRows(std::vector<std::filesystem::path> files, ImageShape shape, std::string remedy = {});

  [[nodiscard]] std::int64_t count() const override;
  [[nodiscard]] std::size_t row_bytes() const override;
  /// Throws    Error naming the file when it cannot be read, is above 64 MiB, or is damaged.
  void write_row(std::int64_t index, std::span<std::uint8_t> row) const override;

  /// What the bytes of all rows depend on, as a short text for row_cache.h: the shape and each
  /// file's path, size and time of change. Throws Error naming the file that is not there.
  [[nodiscard]] std::string key() const;

 private:
  std::vector<std::filesystem::path> files_;
  ImageShape shape_;
  std::string remedy_;
};

}  // namespace gradwatt
