#include "train/batch_tensors.h"

#include "base/expects.h"
#include "data/random_order.h"

namespace gradwatt {
namespace {

at::Tensor float_tensor(const std::vector<float>& values, const std::string& device) {
  return at::tensor(at::ArrayRef<float>(values), at::kFloat).to(at::Device(device));
}

/// A copy of bytes as a tensor of its own.
at::Tensor byte_tensor(const std::vector<std::uint8_t>& bytes) {
  at::Tensor tensor = at::empty({static_cast<std::int64_t>(bytes.size())}, at::kByte);
  std::copy(bytes.begin(), bytes.end(), tensor.data_ptr<std::uint8_t>());
  return tensor;
}

}  // namespace

BatchLayout layout_of(const TrainingData& data, const Placement& placement) {
  return {data.shape,
          placement.channels_last,
          data.mirrors,
          float_tensor(data.mean, placement.device),
          float_tensor(data.deviation, placement.device)};
}

at::Tensor BatchLayout::normalised(const at::Tensor& bytes) const {
  return bytes.to(at::kFloat).div_(255).sub_(mean).div_(deviation);
}

at::Tensor BatchLayout::shaped(const at::Tensor& rows) const {
  if (shape.is_series()) {
    return rows;
  }
  const at::Tensor images = rows.permute({0, 3, 1, 2});
  return channels_last ? images : images.contiguous();
}

at::Tensor BatchLayout::resident(const DataPart& part) const {
  const std::int64_t count = part.count();
  if (const auto* numbers = std::get_if<std::vector<float>>(&part.inputs)) {
    expects(static_cast<std::int64_t>(numbers->size()) == count * shape.size(),
            "one input a label");
    at::Tensor tensor = at::empty({count, shape.channels, shape.width}, at::kFloat);
    std::copy(numbers->begin(), numbers->end(), tensor.data_ptr<float>());
    return tensor.to(mean.device());
  }
  const auto& bytes = std::get<std::vector<std::uint8_t>>(part.inputs);
  expects(static_cast<std::int64_t>(bytes.size()) == count * shape.size(), "one input a label");
  return normalised(byte_tensor(bytes)
                        .view({count, shape.height, shape.width, shape.channels})
                        .to(mean.device()));
}

ResidentTensors label_tensors(const DataPart& part, int attributes, const std::string& device) {
  ResidentTensors tensors;
  const at::Device place(device);
  at::Tensor classes = at::empty({part.count()}, at::kLong);
  std::copy(part.classes.begin(), part.classes.end(), classes.data_ptr<std::int64_t>());
  tensors.classes = classes.to(place);
  if (attributes > 0) {
    tensors.attributes =
        byte_tensor(part.attributes).view({part.count(), attributes}).to(at::kFloat).to(place);
  }
  return tensors;
}

at::Tensor index_tensor(std::span<const std::int64_t> indices) {
  at::Tensor tensor = at::empty({static_cast<std::int64_t>(indices.size())}, at::kLong);
  std::copy(indices.begin(), indices.end(), tensor.data_ptr<std::int64_t>());
  return tensor;
}

at::Tensor mirrored(const at::Tensor& images,
                    std::span<const std::int64_t> samples,
                    std::uint64_t seed) {
  at::Tensor coins = at::empty({static_cast<std::int64_t>(samples.size()), 1, 1, 1}, at::kBool);
  bool* coin = coins.data_ptr<bool>();
  for (const std::int64_t sample : samples) {
    *coin++ = (SplitMix64(seed ^ static_cast<std::uint64_t>(sample) * 0x9e3779b97f4a7c15U).next() &
               1U) != 0;
  }
  return at::where(coins.to(images.device()), images.flip({3}), images);
}

}  // namespace gradwatt
