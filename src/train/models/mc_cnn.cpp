#include "base/error.h"
#include "train/linear_head.h"
#include "train/models/catalog.h"
#include "train/tensors.h"

#include <fmt/format.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>

namespace gradwatt {
namespace {

constexpr std::int64_t kMcFilters = 64;
constexpr std::int64_t kMcUnits = 128;

torch::nn::Conv2d mc_convolution(std::int64_t in, std::int64_t stride) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, kMcFilters, {5, 1}).stride({stride, 1}));
}

/// What is left of `length` readings behind both blocks: 168 -> 164 -> 80 -> 76 -> 36.
std::int64_t mc_steps(std::int64_t length) {
  for (int block = 0; block < 2; ++block) {
    length = (length - 4 - 5) / 2 + 1;
  }
  if (length < 1) {
    throw UsageError("mc-cnn needs windows of at least 29 readings", "--window");
  }
  return length;
}

/// Multi-channel CNN: two blocks of two convolutions over time, a layer per step, one over all.
///
///   x [n,C,T] -> [n,1,T,C] -> 2 x (conv (5,1), relu, conv (5,1) stride (2,1), relu) [n,64,T',C]
///             -> [n,T',64 C] -> step [n,T',128], relu, dropout 0.25 -> all [n,128], relu,
///             dropout 0.25
/// Source   the network of that name used as a baseline for wearables; Zhou, Zhao, Hefenbrock,
///          Riedel, Huang, Beigl, ISWC 2022 (docs/power-of-training.md).
class McCnn final : public Network, private torch::nn::Module {
 public:
  explicit McCnn(const InputShape& shape)
      : conv1_(register_module("conv1", mc_convolution(1, 1))),
        conv2_(register_module("conv2", mc_convolution(kMcFilters, 2))),
        conv3_(register_module("conv3", mc_convolution(kMcFilters, 1))),
        conv4_(register_module("conv4", mc_convolution(kMcFilters, 2))),
        step_(register_module("step", torch::nn::Linear(kMcFilters * shape.channels, kMcUnits))),
        all_(register_module("all", torch::nn::Linear(kMcUnits * mc_steps(shape.width), kMcUnits))),
        dropout_(register_module("dropout", torch::nn::Dropout(0.25))) {}

  at::Tensor forward(const at::Tensor& windows) override {
    at::Tensor x = windows.transpose(1, 2).unsqueeze(1);
    for (auto* convolution : {&conv1_, &conv2_, &conv3_, &conv4_}) {
      x = at::relu((*convolution)(x));
    }
    x = dropout_(at::relu(step_(x.permute({0, 2, 1, 3}).flatten(2))));
    return dropout_(at::relu(all_(x.flatten(1))));
  }
  torch::nn::Module& module() override { return *this; }

 private:
  torch::nn::Conv2d conv1_;
  torch::nn::Conv2d conv2_;
  torch::nn::Conv2d conv3_;
  torch::nn::Conv2d conv4_;
  torch::nn::Linear step_;
  torch::nn::Linear all_;
  torch::nn::Dropout dropout_;
};

}  // namespace

Model mc_cnn() {
  return {"mc-cnn",
          "two blocks of convolutions over time, a layer per step and one over all steps",
          true,
          [](const InputShape& shape) -> std::unique_ptr<Network> {
            return std::make_unique<McCnn>(shape);
          },
          [](const InputShape&) { return kMcUnits; },
          linear_head,
          nullptr};
}

}  // namespace gradwatt
