#pragma once

#include "data/made_data.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace gradwatt {

/// How many images each made identity has, most first.
/// Example   scale 1: 202,599 images of 10,177 identities, at most 35 each, 30 to 35 for the 40
///           most represented; scale 0.002: 405 of 40, 10 or 11 each.
[[nodiscard]] std::vector<int> made_celeba_counts(double scale);

/// Writes folder/celeba in the published form with drawn faces (face_drawing.h): img_align_celeba/
/// with 178 x 218 JPEGs, and the five tables.
///
/// Geometry and colours belong to the identity; attributes, place, light, background and noise
/// to each photograph: identity and attributes can be learnt from the pixels, but not trivially.
/// Takes     0.001 <= scale <= 10, the share of the published 202,599 images; 320 at least, so that
///           there are 40 identities with 8 images.
/// Throws    UsageError for another scale; Error when a file cannot be written.
MadeData make_celeba(const std::filesystem::path& folder, double scale, std::uint64_t seed);

}  // namespace gradwatt
