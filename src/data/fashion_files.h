#pragma once

#include "data/data_check.h"
#include "data/made_data.h"

#include <cstdint>
#include <filesystem>

namespace gradwatt {

/// Whether `folder` holds one of Fashion-MNIST's four files, compressed or not.
[[nodiscard]] bool has_fashion_files(const std::filesystem::path& folder);

/// Reads the four files: each is there and whole, 28 x 28 pixels, one label of 0 to 9 an image.
[[nodiscard]] DataCheck check_fashion(const std::filesystem::path& folder);

/// Writes the four files, not compressed, with made images: ten kinds of blurred shapes in noise.
/// Takes     0.001 <= scale <= 10, the share of the published 60 000 and 10 000 images.
/// Throws    UsageError for another scale; Error when the disk is full.
/// Example   scale 0.01: 600 images to train on and 100 to test.
MadeData make_fashion(const std::filesystem::path& folder, double scale, std::uint64_t seed);

}  // namespace gradwatt
