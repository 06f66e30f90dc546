#include "data/image_crop.h"

#include "base/expects.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

/// In [0, 1), of 2^53 equally likely values.
double drawn_share(SplitMix64& random) {
  return static_cast<double>(random.next() >> 11U) * 0x1p-53;
}

ImageBox middle_box(std::int64_t height, std::int64_t width, std::int64_t h, std::int64_t w) {
  return {.top = (height - h) / 2, .left = (width - w) / 2, .height = h, .width = w};
}

ImageBox largest_middle(std::int64_t height, std::int64_t width, const CropRange& range) {
  const double aspect = static_cast<double>(width) / static_cast<double>(height);
  std::int64_t h = height;
  std::int64_t w = width;
  if (aspect < range.aspect_min) {
    h = std::llround(static_cast<double>(width) / range.aspect_min);
  } else if (aspect > range.aspect_max) {
    w = std::llround(static_cast<double>(height) * range.aspect_max);
  }
  return middle_box(
      height, width, std::clamp<std::int64_t>(h, 1, height), std::clamp<std::int64_t>(w, 1, width));
}

}  // namespace

ImageBox random_crop(std::int64_t height,
                     std::int64_t width,
                     const CropRange& range,
                     SplitMix64& random) {
  expects(height > 0 && width > 0, "an image of at least one pixel");
  const auto area = static_cast<double>(height * width);
  const double low = std::log(range.aspect_min);
  const double high = std::log(range.aspect_max);
  for (int attempt = 0; attempt < 10; ++attempt) {
    const double share = range.area_min + drawn_share(random) * (range.area_max - range.area_min);
    const double aspect = std::exp(low + drawn_share(random) * (high - low));
    const std::int64_t w = std::llround(std::sqrt(share * area * aspect));
    const std::int64_t h = std::llround(std::sqrt(share * area / aspect));
    if (w > 0 && w <= width && h > 0 && h <= height) {
      const auto top = random.below(static_cast<std::uint32_t>(height - h + 1));
      const auto left = random.below(static_cast<std::uint32_t>(width - w + 1));
      return {.top = top, .left = left, .height = h, .width = w};
    }
  }
  return largest_middle(height, width, range);
}

ImageBox middle_crop(std::int64_t height, std::int64_t width) {
  expects(height > 0 && width > 0, "an image of at least one pixel");
  const std::int64_t side = std::max<std::int64_t>(1, (std::min(height, width) * 7 + 4) / 8);
  return middle_box(height, width, side, side);
}

}  // namespace gradwatt
