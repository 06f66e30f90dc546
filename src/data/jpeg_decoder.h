#pragma once

#include "data/image_crop.h"
#include "data/image_set.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace gradwatt {

/// Where decoded pixels go.
struct DecodedRow {
  ImageShape shape;             ///< 3 channels.
  std::span<std::uint8_t> row;  ///< shape.size() bytes, filled as [height, width, RGB].
};

/// Decodes JPEG files straight to the size a network takes, with libjpeg-turbo.
///
/// The image is decoded at the smallest of 1/8, 1/4, 1/2 and 1 of its size (libjpeg scales in the
/// DCT) that still covers the target; then its middle is cut to the target's aspect and resized as
/// row_scaler.h says. A grey image becomes RGB.
/// Example   a 178 x 218 image for 64 x 64: decoded as 89 x 109, its rows 10 to 98 resized.
/// Not thread-safe: one for each thread, which reuses its memory from image to image.
class JpegDecoder {
 public:
  JpegDecoder();
  ~JpegDecoder();
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  /// Takes     the bytes of the file; `name` for errors; a target of 3 channels; `row` of
  ///           target.size() bytes, filled as [height, width, RGB].
  /// Throws    Error naming the file when it is damaged anywhere, even where the target does not
  ///           look (libjpeg would only warn), is CMYK, is larger than 16384 pixels on a side or
  ///           64 million in all (refused before its memory is allocated), or has over 100 scans.
  ///           `row` then holds anything.
  void decode(std::span<const std::uint8_t> file,
              std::string_view name,
              ImageShape target,
              std::span<std::uint8_t> row);

  /// A part of the image alone, stretched to the target: `box_in` gets the image's height and width
  /// and says which, inside it. The scale is the smallest at which the box covers the target; its
  /// edges are then rounded to pixels of that scale. Throws as decode() does.
  /// Example   an image of 64 x 64, its lower right quarter for 16 x 16: decoded as 32 x 32, of
  ///           which rows and columns from 16 on are used.
  void decode_part(std::span<const std::uint8_t> file,
                   std::string_view name,
                   const std::function<ImageBox(std::int64_t height, std::int64_t width)>& box_in,
                   DecodedRow target);

  /// The size of the image in the file, and 1 channel for grey, else 3. Throws as decode() does
  /// for what the header shows.
  [[nodiscard]] ImageShape shape(std::span<const std::uint8_t> file, std::string_view name);

 private:
  struct Engine;
  std::unique_ptr<Engine> engine_;
};

/// JpegDecoder::shape() for a single file.
[[nodiscard]] ImageShape jpeg_shape(std::span<const std::uint8_t> file, std::string_view name);

}  // namespace gradwatt
