#include "train/models/catalog.h"
#include "train/tensors.h"

#include <torch/nn/functional/pooling.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

namespace gradwatt {
namespace {

/// Two 3x3 convolutions of 8 and 16 channels, each halved by max-pooling, and one linear layer.
///
/// Shapes (28 x 28 grey images):
///   x [n,1,28,28] -> conv1 [n,8,28,28] -> pool, relu [n,8,14,14]
///                 -> conv2 [n,16,14,14] -> pool, relu [n,16,7,7] -> fc [n,classes]
/// Parameters   (9+1)*8 + (72+1)*16 + (784+1)*10 = 9098 for 10 classes.
/// ReLU follows the pooling: the result is the same (both keep order) for a quarter of the work.
class SmallCnn final : public Network, private torch::nn::Module {
 public:
  SmallCnn(ImageShape shape, int classes)
      : conv1_(register_module("conv1", convolution(shape.channels, 8))),
        conv2_(register_module("conv2", convolution(8, 16))),
        fc_(register_module(
            "fc", torch::nn::Linear(16 * (shape.height / 4) * (shape.width / 4), classes))) {}

  at::Tensor forward(const at::Tensor& images) override {
    at::Tensor x = at::relu(at::max_pool2d(conv1_(images), {2, 2}));
    x = at::relu(at::max_pool2d(conv2_(x), {2, 2}));
    return fc_(x.flatten(1));
  }

  torch::nn::Module& module() override { return *this; }

 private:
  static torch::nn::Conv2d convolution(std::int64_t in, std::int64_t out) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 3).padding(1));
  }

  torch::nn::Conv2d conv1_;
  torch::nn::Conv2d conv2_;
  torch::nn::Linear fc_;
};

}  // namespace

Model small_cnn() {
  return {"small-cnn",
          "two 3x3 convolutions (8, 16 channels) with max-pooling, one linear layer",
          [](ImageShape shape, int classes) -> std::unique_ptr<Network> {
            return std::make_unique<SmallCnn>(shape, classes);
          }};
}

}  // namespace gradwatt
