#pragma once

#include "data/image_set.h"

#include <cstdint>
#include <vector>

namespace gradwatt {

/// A drawn photograph: pixels [height, width, RGB] of a size of its own.
struct MadePhotograph {
  ImageShape shape;
  std::vector<std::uint8_t> pixels;
};

/// A drawing of one thing of class `kind` before a background.
///
/// Outline, two colours and pattern (stripes, rings or checks) belong to the class; the size of the
/// photograph, place, size, turn, shades, background, something in front, light and noise to the
/// photograph: the class can be learnt from the pixels, but not from a mean colour.
/// Depends on (seed, kind, number) alone. Sizes are those of ImageNet: most 500 x 375 or 375 x 500,
/// others from 200 to 640 on a side.
[[nodiscard]] MadePhotograph made_photograph(std::uint64_t seed, int kind, std::int64_t number);

}  // namespace gradwatt
