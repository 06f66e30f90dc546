#pragma once

#include "data/made_data.h"

#include <cstdint>
#include <filesystem>

namespace gradwatt {

/// How many classes and photographs a made set has.
struct MadeImagenetSize {
  int classes = 0;
  std::int64_t train = 0;
  std::int64_t validation = 0;
};

/// Photographs in proportion to the published 1 281 167 and 50 000, at least four of a class to
/// train on and two to validate on; classes with the root of the scale, at least four.
/// Example   scale 1: 1000 classes; 0.01: 100, 12 812 and 500; 0.0001: 10 classes, 128 and 20.
[[nodiscard]] MadeImagenetSize made_imagenet_size(double scale);

/// Writes train/ and val/ with a folder for each class, as published, of drawn photographs
/// (made_photograph.h).
/// Takes     0.0001 <= scale <= 10, the share of the published size.
/// Throws    UsageError for another scale; Error when the disk is full.
MadeData make_imagenet(const std::filesystem::path& folder, double scale, std::uint64_t seed);

/// The same photographs in the same order as WebDataset shards: train/train-0000.tar and so on,
/// with KEY.jpg and KEY.cls, at most 1000 photographs in each.
MadeData make_imagenet_shards(const std::filesystem::path& folder,
                              double scale,
                              std::uint64_t seed);

}  // namespace gradwatt
