#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace gradwatt {

struct ImageShape {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t channels = 0;

  [[nodiscard]] std::int64_t size() const { return height * width * channels; }
  bool operator==(const ImageShape&) const = default;
};

/// Labelled images in memory.
struct ImageSet {
  ImageShape shape;
  std::vector<std::uint8_t> pixels;  ///< [count, height, width, channels], row-major.
  std::vector<std::uint8_t> labels;  ///< [count], each below the number of classes.

  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(labels.size()); }
};

/// A data set as published: a part to train on, a part to test on.
struct ImageData {
  ImageSet train;
  ImageSet test;
  int classes = 0;
  float mean = 0;  ///< Of the training pixels scaled to 0..1; inputs are (x - mean) / deviation.
  float deviation = 1;  ///< Their standard deviation.
};

/// The images at `indices`, in that order.
[[nodiscard]] ImageSet pick(const ImageSet& set, std::span<const std::int64_t> indices);

struct Split {
  ImageSet train;
  ImageSet validation;
};

/// Shuffles by `seed`, then takes the first `validation` images to validate and the next `train`
/// to train on. The choice depends on the seed alone: every setup of a comparison sees the same
/// images, and a smaller training set is part of a larger one.
/// Takes     validation + train <= set.count().
[[nodiscard]] Split split(const ImageSet& set,
                          std::int64_t train,
                          std::int64_t validation,
                          std::uint64_t seed);

}  // namespace gradwatt
