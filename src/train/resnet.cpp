#include "train/resnet.h"

#include "train/batch_norm_tensors.h"
#include "train/tensors.h"

#include <fmt/format.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>

namespace gradwatt {
namespace {

torch::nn::Conv2d resnet_convolution(std::int64_t in,
                                     std::int64_t out,
                                     std::int64_t size,
                                     std::int64_t stride) {
  torch::nn::Conv2d convolution(
      torch::nn::Conv2dOptions(in, out, size).stride(stride).padding(size / 2).bias(false));
  torch::nn::init::kaiming_normal_(convolution->weight, 0, torch::kFanOut, torch::kReLU);
  return convolution;
}

/// The shortcut around a block whose output has another shape than its input.
torch::nn::Sequential shortcut(std::int64_t in, std::int64_t out, std::int64_t stride) {
  return torch::nn::Sequential(resnet_convolution(in, out, 1, stride), BatchNorm(out));
}

struct ResidualBlock : torch::nn::Module {
  virtual at::Tensor forward(const at::Tensor& x) = 0;

 protected:
  void add_shortcut(std::int64_t in, std::int64_t out, std::int64_t stride) {
    if (in != out || stride != 1) {
      downsample_ = register_module("downsample", shortcut(in, out, stride));
    }
  }
  at::Tensor around(const at::Tensor& x) { return downsample_ ? downsample_->forward(x) : x; }

 private:
  torch::nn::Sequential downsample_{nullptr};
};

struct BasicBlock final : ResidualBlock {
  BasicBlock(std::int64_t in, std::int64_t width, std::int64_t stride)
      : conv1(register_module("conv1", resnet_convolution(in, width, 3, stride))),
        bn1(register_module("bn1", BatchNorm(width))),
        conv2(register_module("conv2", resnet_convolution(width, width, 3, 1))),
        bn2(register_module("bn2", BatchNorm(width))) {
    add_shortcut(in, width, stride);
  }
  at::Tensor forward(const at::Tensor& x) override {
    at::Tensor y = bn1(conv1(x));
    y = bn2(conv2(y.relu_()));
    return y.add_(around(x)).relu_();
  }
  torch::nn::Conv2d conv1;
  BatchNorm bn1;
  torch::nn::Conv2d conv2;
  BatchNorm bn2;
};

struct BottleneckBlock final : ResidualBlock {
  BottleneckBlock(std::int64_t in, std::int64_t width, std::int64_t stride)
      : conv1(register_module("conv1", resnet_convolution(in, width, 1, 1))),
        bn1(register_module("bn1", BatchNorm(width))),
        conv2(register_module("conv2", resnet_convolution(width, width, 3, stride))),
        bn2(register_module("bn2", BatchNorm(width))),
        conv3(register_module("conv3", resnet_convolution(width, 4 * width, 1, 1))),
        bn3(register_module("bn3", BatchNorm(4 * width))) {
    add_shortcut(in, 4 * width, stride);
  }
  at::Tensor forward(const at::Tensor& x) override {
    at::Tensor y = bn1(conv1(x));
    y = bn2(conv2(y.relu_()));
    y = bn3(conv3(y.relu_()));
    return y.add_(around(x)).relu_();
  }
  torch::nn::Conv2d conv1;
  BatchNorm bn1;
  torch::nn::Conv2d conv2;
  BatchNorm bn2;
  torch::nn::Conv2d conv3;
  BatchNorm bn3;
};

/// A stage: its blocks are registered under "0", "1", ..., as in torchvision's Sequential.
class Stage final : public torch::nn::Module {
 public:
  explicit Stage(const std::vector<std::shared_ptr<ResidualBlock>>& blocks) : blocks_(blocks) {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      register_module(fmt::format("{}", i), blocks_[i]);
    }
  }
  at::Tensor forward(at::Tensor x) {
    for (const auto& block : blocks_) {
      x = block->forward(x);
    }
    return x;
  }

 private:
  std::vector<std::shared_ptr<ResidualBlock>> blocks_;
};

class ResNetEncoder final : public Network, private torch::nn::Module {
 public:
  ResNetEncoder(const ResNetSpec& spec, std::int64_t channels)
      : conv1_(register_module("conv1", stem(channels))),
        bn1_(register_module("bn1", BatchNorm(64))) {
    std::int64_t in = 64;
    for (int number = 0; number < 4; ++number) {
      const std::int64_t width = std::int64_t{64} << number;
      std::vector<std::shared_ptr<ResidualBlock>> blocks;
      for (int i = 0; i < spec.blocks.at(static_cast<std::size_t>(number)); ++i) {
        blocks.push_back(block_of(spec, in, width, i == 0 && number > 0 ? 2 : 1));
        in = spec.bottleneck ? 4 * width : width;
      }
      stages_.push_back(
          register_module(fmt::format("layer{}", number + 1), std::make_shared<Stage>(blocks)));
    }
  }

  at::Tensor forward(const at::Tensor& images) override {
    at::Tensor x = bn1_(conv1_(images));
    x = at::max_pool2d(x.relu_(), {3, 3}, {2, 2}, {1, 1});
    for (const auto& stage : stages_) {
      x = stage->forward(x);
    }
    return x.mean({2, 3});
  }
  torch::nn::Module& module() override { return *this; }

 private:
  static torch::nn::Conv2d stem(std::int64_t channels) {
    return resnet_convolution(channels, 64, 7, 2);
  }
  static std::shared_ptr<ResidualBlock> block_of(const ResNetSpec& spec,
                                                 std::int64_t in,
                                                 std::int64_t width,
                                                 std::int64_t stride) {
    if (spec.bottleneck) {
      return std::make_shared<BottleneckBlock>(in, width, stride);
    }
    return std::make_shared<BasicBlock>(in, width, stride);
  }

  torch::nn::Conv2d conv1_;
  BatchNorm bn1_;
  std::vector<std::shared_ptr<Stage>> stages_;
};

}  // namespace

std::unique_ptr<Network> make_resnet(const ResNetSpec& spec, std::int64_t channels) {
  return std::make_unique<ResNetEncoder>(spec, channels);
}

}  // namespace gradwatt
