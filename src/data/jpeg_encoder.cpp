#include "data/jpeg_encoder.h"

#include "base/error.h"
#include "base/expects.h"
#include "data/jpeg_errors.h"

#include <cstdlib>

namespace gradwatt {
namespace {

struct JpegWriting {
  jpeg_compress_struct jpeg{};
  JpegErrors errors;
  ImageShape shape;
  const std::uint8_t* pixels = nullptr;
  int quality = 0;
  unsigned char* file = nullptr;
  unsigned long size = 0;

  JpegWriting() = default;
  JpegWriting(const JpegWriting&) = delete;
  JpegWriting& operator=(const JpegWriting&) = delete;
  ~JpegWriting() {
    ::jpeg_destroy_compress(&jpeg);
    std::free(file);  // NOLINT(cppcoreguidelines-no-malloc): libjpeg allocated it
  }
};

void write_jpeg(void* object) {
  auto& writing = *static_cast<JpegWriting*>(object);
  jpeg_compress_struct& jpeg = writing.jpeg;
  jpeg_create_compress(&jpeg);
  ::jpeg_mem_dest(&jpeg, &writing.file, &writing.size);
  jpeg.image_width = static_cast<JDIMENSION>(writing.shape.width);
  jpeg.image_height = static_cast<JDIMENSION>(writing.shape.height);
  jpeg.input_components = static_cast<int>(writing.shape.channels);
  jpeg.in_color_space = writing.shape.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  ::jpeg_set_defaults(&jpeg);
  ::jpeg_set_quality(&jpeg, writing.quality, TRUE);
  ::jpeg_start_compress(&jpeg, TRUE);
  const std::int64_t row_bytes = writing.shape.width * writing.shape.channels;
  while (jpeg.next_scanline < jpeg.image_height) {
    // libjpeg takes rows without const but leaves them as they are.
    auto* row = const_cast<JSAMPROW>(writing.pixels + jpeg.next_scanline * row_bytes);
    ::jpeg_write_scanlines(&jpeg, &row, 1);
  }
  ::jpeg_finish_compress(&jpeg);
}

}  // namespace

std::vector<std::uint8_t> jpeg_of(ImageShape shape,
                                  std::span<const std::uint8_t> pixels,
                                  int quality) {
  expects(shape.channels == 3 || shape.channels == 1, "RGB or grey pixels");
  expects(pixels.size() == static_cast<std::size_t>(shape.size()), "pixels of the shape");
  JpegWriting writing;
  writing.jpeg.err = writing.errors.install();
  writing.shape = shape;
  writing.pixels = pixels.data();
  writing.quality = quality;
  if (!jpeg_completes(writing.errors, write_jpeg, &writing)) {
    throw Error(writing.errors.text.data(), "a JPEG in memory");
  }
  return {writing.file, writing.file + writing.size};
}

}  // namespace gradwatt
