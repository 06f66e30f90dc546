#pragma once

#include "data/image_set.h"

#include <cstdint>
#include <span>
#include <vector>

namespace gradwatt {

/// The pixels as a baseline JPEG file, colour stored at half resolution (4:2:0).
/// Takes     [height, width, channels] bytes with 3 channels (RGB) or 1 (grey), each side at most
///           65500; quality from 1 to 100.
[[nodiscard]] std::vector<std::uint8_t> jpeg_of(ImageShape shape,
                                                std::span<const std::uint8_t> pixels,
                                                int quality);

}  // namespace gradwatt
