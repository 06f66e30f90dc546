#include "data/jpeg_decoder.h"

#include "base/error.h"
#include "base/expects.h"
#include "data/jpeg_errors.h"
#include "data/row_scaler.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace gradwatt {
namespace {

constexpr std::int64_t kSideMax = 16384;
constexpr std::int64_t kPixelsMax = 64'000'000;
constexpr int kScansMax = 100;
/// To an aligned row libjpeg-turbo writes past the cache, and reading it back takes three times as
/// long as decoding.
constexpr std::size_t kMisaligned = 4;
constexpr const char* kReplaceImage = "fetch this file again, or convert it to an RGB JPEG";

/// libjpeg calls this while it reads the scans of a progressive file.
void limit_scans(j_common_ptr common) {
  auto* jpeg = reinterpret_cast<j_decompress_ptr>(common);
  if (jpeg->input_scan_number > kScansMax) {
    auto* errors = reinterpret_cast<JpegErrors*>(jpeg->err);
    *fmt::format_to_n(errors->text.data(), errors->text.size() - 1, "more than {} scans", kScansMax)
         .out = '\0';
    std::longjmp(errors->jump, 1);
  }
}

/// The smallest scale, in eighths, at which these pixels cover the target. Powers of two only:
/// for these libjpeg-turbo has vector code, and fewer pixels by plain code take longer.
unsigned covering_eighths(std::int64_t height, std::int64_t width, ImageShape target) {
  for (const unsigned eighths : {1U, 2U, 4U}) {
    if (width * eighths >= target.width * 8 && height * eighths >= target.height * 8) {
      return eighths;
    }
  }
  return 8;
}

/// A side of a box, from `first` on `size` pixels long, at this scale, in an image of `end` pixels.
std::pair<std::int64_t, std::int64_t> scaled_side(std::int64_t first,
                                                  std::int64_t size,
                                                  unsigned eighths,
                                                  std::int64_t end) {
  const std::int64_t from = std::min(first * eighths / 8, end - 1);
  const std::int64_t length = std::max<std::int64_t>(1, (size * eighths + 4) / 8);
  return {from, std::min(length, end - from)};
}

}  // namespace

struct JpegDecoder::Engine {
  jpeg_decompress_struct jpeg{};
  JpegErrors errors;
  jpeg_progress_mgr progress{};
  RowScaler scaler;
  std::vector<std::uint8_t> line;
  std::span<const std::uint8_t> file;

  Engine();
  ~Engine() { ::jpeg_destroy_decompress(&jpeg); }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void run(void (*step)(void*), std::string_view name);
  void read_header(std::string_view name);
  void prepare(ImageShape target, std::span<std::uint8_t> row);
  void prepare_part(ImageBox box, const DecodedRow& target);
  ImageShape scaled_shape(unsigned eighths);
  static void header_step(void* object);
  static void pixels_step(void* object);
};

JpegDecoder::Engine::Engine() {
  jpeg.err = errors.install();
  if (!jpeg_completes(
          errors,
          [](void* object) { jpeg_create_decompress(static_cast<j_decompress_ptr>(object)); },
          &jpeg)) {
    throw Error(errors.text.data(), "libjpeg");
  }
  progress.progress_monitor = limit_scans;
  jpeg.progress = &progress;
}

void JpegDecoder::Engine::run(void (*step)(void*), std::string_view name) {
  if (!jpeg_completes(errors, step, this)) {
    ::jpeg_abort_decompress(&jpeg);
    throw Error(fmt::format("is damaged: {}", errors.text.data()), name, kReplaceImage);
  }
}

void JpegDecoder::Engine::header_step(void* object) {
  auto& engine = *static_cast<Engine*>(object);
  ::jpeg_mem_src(&engine.jpeg, engine.file.data(), engine.file.size());
  ::jpeg_read_header(&engine.jpeg, TRUE);
}

void JpegDecoder::Engine::read_header(std::string_view name) {
  run(header_step, name);
  const std::int64_t width = jpeg.image_width;
  const std::int64_t height = jpeg.image_height;
  std::string refusal;
  if (std::max(width, height) > kSideMax || width * height > kPixelsMax) {
    refusal = fmt::format("is {} x {} pixels; at most {} on a side and {} in all are read",
                          width,
                          height,
                          kSideMax,
                          kPixelsMax);
  } else if (jpeg.jpeg_color_space != JCS_GRAYSCALE && jpeg.jpeg_color_space != JCS_YCbCr &&
             jpeg.jpeg_color_space != JCS_RGB) {
    refusal = fmt::format("has {} colour components (CMYK?); grey and RGB images are read",
                          jpeg.num_components);
  }
  if (!refusal.empty()) {
    ::jpeg_abort_decompress(&jpeg);
    throw Error(refusal, name, kReplaceImage);
  }
}

/// Decides for a scale; returns what the image then is.
ImageShape JpegDecoder::Engine::scaled_shape(unsigned eighths) {
  jpeg.scale_num = eighths;
  jpeg.scale_denom = 8;
  jpeg.dct_method = JDCT_ISLOW;
  // Four bytes for each pixel let the scaler work on a whole pixel at once.
  jpeg.out_color_space = JCS_EXT_RGBX;
  ::jpeg_calc_output_dimensions(&jpeg);
  line.resize(kMisaligned + (std::size_t{jpeg.output_width} + 1) * 4);
  return {.height = jpeg.output_height, .width = jpeg.output_width, .channels = 4};
}

void JpegDecoder::Engine::prepare(ImageShape target, std::span<std::uint8_t> row) {
  const ImageShape shape =
      scaled_shape(covering_eighths(jpeg.image_height, jpeg.image_width, target));
  scaler.begin(shape, target, row);
}

void JpegDecoder::Engine::prepare_part(ImageBox box, const DecodedRow& target) {
  const unsigned eighths = covering_eighths(box.height, box.width, target.shape);
  const ImageShape shape = scaled_shape(eighths);
  const auto [top, height] = scaled_side(box.top, box.height, eighths, shape.height);
  const auto [left, width] = scaled_side(box.left, box.width, eighths, shape.width);
  scaler.begin(shape,
               {.top = top, .left = left, .height = height, .width = width},
               target.shape,
               target.row);
}

void JpegDecoder::Engine::pixels_step(void* object) {
  auto& engine = *static_cast<Engine*>(object);
  jpeg_decompress_struct& jpeg = engine.jpeg;
  ::jpeg_start_decompress(&jpeg);
  JSAMPROW row = engine.line.data() + kMisaligned;
  const auto first = static_cast<JDIMENSION>(engine.scaler.first_row());
  if (first > 0) {
    ::jpeg_skip_scanlines(&jpeg, first);
  }
  const auto end = static_cast<JDIMENSION>(engine.scaler.end_row());
  while (jpeg.output_scanline < end) {
    ::jpeg_read_scanlines(&jpeg, &row, 1);
    engine.scaler.add(row);
  }
  // Skipping to the very end would not look at the data; a last row that is read does.
  if (jpeg.output_scanline + 1 < jpeg.output_height) {
    ::jpeg_skip_scanlines(&jpeg, jpeg.output_height - 1 - jpeg.output_scanline);
  }
  while (jpeg.output_scanline < jpeg.output_height) {
    ::jpeg_read_scanlines(&jpeg, &row, 1);
  }
  ::jpeg_finish_decompress(&jpeg);
}

JpegDecoder::JpegDecoder() : engine_(std::make_unique<Engine>()) {}
JpegDecoder::~JpegDecoder() = default;

void JpegDecoder::decode(std::span<const std::uint8_t> file,
                         std::string_view name,
                         ImageShape target,
                         std::span<std::uint8_t> row) {
  engine_->file = file;
  engine_->read_header(name);
  engine_->prepare(target, row);
  engine_->run(Engine::pixels_step, name);
}

void JpegDecoder::decode_part(
    std::span<const std::uint8_t> file,
    std::string_view name,
    const std::function<ImageBox(std::int64_t height, std::int64_t width)>& box_in,
    DecodedRow target) {
  engine_->file = file;
  engine_->read_header(name);
  engine_->prepare_part(box_in(engine_->jpeg.image_height, engine_->jpeg.image_width), target);
  engine_->run(Engine::pixels_step, name);
}

ImageShape JpegDecoder::shape(std::span<const std::uint8_t> file, std::string_view name) {
  engine_->file = file;
  engine_->read_header(name);
  const jpeg_decompress_struct& jpeg = engine_->jpeg;
  const ImageShape shape{.height = jpeg.image_height,
                         .width = jpeg.image_width,
                         .channels = jpeg.jpeg_color_space == JCS_GRAYSCALE ? 1 : 3};
  ::jpeg_abort_decompress(&engine_->jpeg);
  return shape;
}

ImageShape jpeg_shape(std::span<const std::uint8_t> file, std::string_view name) {
  return JpegDecoder().shape(file, name);
}

}  // namespace gradwatt
