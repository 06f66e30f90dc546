#include "train/resident_images.h"

#include "train/tensors.h"

namespace gradwatt {

struct ResidentImages::Tensors {
  ImageShape shape;
  at::Tensor rows;    ///< [count, height * width * channels] float32
  at::Tensor labels;  ///< [count] int64
};

ResidentImages::ResidentImages(const ImageSet& set,
                               float mean,
                               float deviation,
                               const std::string& device)
    : tensors_(std::make_unique<Tensors>()) {
  std::vector<std::uint8_t> pixels = set.pixels;  // from_blob wants memory it might write to
  std::vector<std::uint8_t> labels = set.labels;
  const at::Device place(device);
  tensors_->shape = set.shape;
  tensors_->rows = at::from_blob(pixels.data(), {set.count(), set.shape.size()}, at::kByte)
                       .to(at::kFloat)
                       .div_(255)
                       .sub_(mean)
                       .div_(deviation)
                       .to(place);
  tensors_->labels = at::from_blob(labels.data(), {set.count()}, at::kByte).to(at::kLong).to(place);
}

ResidentImages::~ResidentImages() = default;
ResidentImages::ResidentImages(ResidentImages&&) noexcept = default;

std::int64_t ResidentImages::count() const { return tensors_->labels.size(0); }

at::Tensor ResidentImages::indices(std::span<const std::int64_t> order) const {
  at::Tensor indices = at::empty({static_cast<std::int64_t>(order.size())}, at::kLong);
  std::copy(order.begin(), order.end(), indices.data_ptr<std::int64_t>());
  return indices.to(tensors_->labels.device());
}

at::Tensor ResidentImages::images(const at::Tensor& indices) const {
  const ImageShape shape = tensors_->shape;
  return tensors_->rows.index_select(0, indices)
      .view({indices.size(0), shape.height, shape.width, shape.channels})
      .permute({0, 3, 1, 2});
}

at::Tensor ResidentImages::labels(const at::Tensor& indices) const {
  return tensors_->labels.index_select(0, indices);
}

}  // namespace gradwatt
