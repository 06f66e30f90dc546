#include "train/linear_head.h"
#include "train/models/catalog.h"
#include "train/tensors.h"

#include <torch/nn/modules/conv.h>

namespace gradwatt {
namespace {

constexpr std::int64_t kSmallChannels = 16;

torch::nn::Conv2d small_convolution(std::int64_t in, std::int64_t out) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 3).padding(1));
}

/// Two 3x3 convolutions of 8 and 16 channels, each halved by max-pooling. The head is linear.
///
/// Shapes (28 x 28 grey images):
///   x [n,1,28,28] -> conv1 [n,8,28,28] -> pool, relu [n,8,14,14]
///                 -> conv2 [n,16,14,14] -> pool, relu [n,16,7,7] -> latent [n,784]
/// Parameters   (9+1)*8 + (72+1)*16 = 1248; with the head for 10 classes 9098.
/// ReLU follows the pooling: the result is the same (both keep order) for a quarter of the work.
class SmallCnn final : public Network, private torch::nn::Module {
 public:
  explicit SmallCnn(std::int64_t channels)
      : conv1_(register_module("conv1", small_convolution(channels, 8))),
        conv2_(register_module("conv2", small_convolution(8, kSmallChannels))) {}

  at::Tensor forward(const at::Tensor& images) override {
    at::Tensor x = at::relu(at::max_pool2d(conv1_(images), {2, 2}));
    x = at::relu(at::max_pool2d(conv2_(x), {2, 2}));
    return x.flatten(1);
  }
  torch::nn::Module& module() override { return *this; }

 private:
  torch::nn::Conv2d conv1_;
  torch::nn::Conv2d conv2_;
};

/// The encoder mirrored: latent [n,16,h/4,w/4] -> doubled -> conv1 [n,8,h/2,w/2], relu -> doubled
/// -> conv2 [n,channels,h,w].
class SmallDecoder final : public Network, private torch::nn::Module {
 public:
  explicit SmallDecoder(const InputShape& shape)
      : shape_(shape),
        conv1_(register_module("conv1", small_convolution(kSmallChannels, 8))),
        conv2_(register_module("conv2", small_convolution(8, shape.channels))) {}

  at::Tensor forward(const at::Tensor& latents) override {
    at::Tensor x = latents.view({-1, kSmallChannels, shape_.height / 4, shape_.width / 4});
    x = at::relu(conv1_(at::upsample_nearest2d(x, {shape_.height / 2, shape_.width / 2})));
    return conv2_(at::upsample_nearest2d(x, {shape_.height, shape_.width}));
  }
  torch::nn::Module& module() override { return *this; }

 private:
  InputShape shape_;
  torch::nn::Conv2d conv1_;
  torch::nn::Conv2d conv2_;
};

}  // namespace

Model small_cnn() {
  return {"small-cnn",
          "two 3x3 convolutions (8, 16 channels) with max-pooling, a linear head",
          false,
          [](const InputShape& shape) -> std::unique_ptr<Network> {
            return std::make_unique<SmallCnn>(shape.channels);
          },
          [](const InputShape& shape) {
            return kSmallChannels * (shape.height / 4) * (shape.width / 4);
          },
          linear_head,
          [](const InputShape& shape) -> std::unique_ptr<Network> {
            return std::make_unique<SmallDecoder>(shape);
          }};
}

}  // namespace gradwatt
