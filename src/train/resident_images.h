#pragma once

#include "data/image_set.h"

#include <memory>
#include <span>
#include <string>

namespace at {
class Tensor;
}

namespace gradwatt {

/// A labelled image set as tensors on the device, normalised once, from which batches are gathered.
class ResidentImages {
 public:
  /// device: "cpu" or "cuda".
  ResidentImages(const ImageSet& set, float mean, float deviation, const std::string& device);
  ~ResidentImages();
  ResidentImages(ResidentImages&&) noexcept;
  ResidentImages(const ResidentImages&) = delete;
  ResidentImages& operator=(const ResidentImages&) = delete;

  [[nodiscard]] std::int64_t count() const;

  /// Indices as a tensor on the device: an order of the whole set, cut into batches by narrow().
  [[nodiscard]] at::Tensor indices(std::span<const std::int64_t> order) const;

  /// [batch, channels, height, width] float32, channels last in memory.
  [[nodiscard]] at::Tensor images(const at::Tensor& indices) const;
  /// [batch] int64
  [[nodiscard]] at::Tensor labels(const at::Tensor& indices) const;

 private:
  struct Tensors;
  std::unique_ptr<Tensors> tensors_;
};

}  // namespace gradwatt
