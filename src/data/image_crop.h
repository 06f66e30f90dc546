#pragma once

#include "data/random_order.h"

#include <cstdint>

namespace gradwatt {

/// A part of an image, in pixels.
struct ImageBox {
  std::int64_t top = 0;
  std::int64_t left = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;

  bool operator==(const ImageBox&) const = default;
};

/// Which boxes random_crop() draws.
struct CropRange {
  double area_min = 0.5;  ///< Shares of the image's area.
  double area_max = 1.0;
  double aspect_min = 3.0 / 4.0;  ///< Width by height.
  double aspect_max = 4.0 / 3.0;
};

/// A box with a random share of the image's area and a random aspect, anywhere in it; to be resized
/// to the size that a network takes.
///
///   w = round(sqrt(a H W r)), h = round(sqrt(a H W / r)), a uniform, r uniform in its logarithm
///
/// Ten times at most, until the box fits into the image; else the largest box in the middle whose
/// aspect is in the range.
/// Takes     an image of at least one pixel.
/// Source    torchvision.transforms.RandomResizedCrop; study 2 takes areas from 0.5 on.
/// Example   an image of 100 x 100, area_min = area_max = 0.25, both aspects 1: 50 x 50, top and
///           left each from 0 to 50.
[[nodiscard]] ImageBox random_crop(std::int64_t height,
                                   std::int64_t width,
                                   const CropRange& range,
                                   SplitMix64& random);

/// The box that remains when an image is resized so that its shorter side is 8/7 of the target's
/// side, and the middle of the target's size is cut out: 256 and 224, as is usual to evaluate.
/// Example   500 high, 375 wide: top 86, left 23, 328 x 328.
[[nodiscard]] ImageBox middle_crop(std::int64_t height, std::int64_t width);

}  // namespace gradwatt
