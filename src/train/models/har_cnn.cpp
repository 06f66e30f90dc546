#include "train/batch_norm_tensors.h"
#include "train/models/catalog.h"
#include "train/tensors.h"

#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>

namespace gradwatt {
namespace {

constexpr std::int64_t kHarSteps = 8;    ///< Positions that the pooled features keep.
constexpr std::int64_t kHarWidth = 128;  ///< Channels of those features.
constexpr std::int64_t kHarLatent = 128;

/// A convolution over five readings without a bias, which the normalisation behind it would undo.
torch::nn::Conv1d har_convolution(std::int64_t in, std::int64_t out) {
  return torch::nn::Conv1d(torch::nn::Conv1dOptions(in, out, 5).padding(2).bias(false));
}

/// Series as images of height 1, channels last: on CPUs convolutions over time, pooling and norms
/// are half again as fast that way (docs/training.md). Parameters keep the shapes of Conv1d.
at::Tensor as_images(const at::Tensor& series) {
  return series.unsqueeze(2).contiguous(at::MemoryFormat::ChannelsLast);
}

at::Tensor over_time(torch::nn::Conv1d& convolution, const at::Tensor& images) {
  const at::Tensor weight =
      convolution->weight.unsqueeze(2).contiguous(at::MemoryFormat::ChannelsLast);
  return at::conv2d(
      images, weight, convolution->bias, at::IntArrayRef{1, 1}, at::IntArrayRef{0, 2});
}

at::Tensor doubled(const at::Tensor& images, std::int64_t length) {
  return at::upsample_nearest2d(images, {1, length});
}

/// Convolutional encoder for windows of body-worn sensors.
///
///   x [n,C,T] -> conv1, norm, pool 2, relu [n,64,T/2] -> conv2, ... [n,128,T/4]
///             -> conv3, norm, relu [n,128,T/4] -> mean over 8 stretches [n,128,8]
///             -> fc [n,128]
/// ReLU follows the pooling: the result is the same (both keep order) for half of the work.
/// Parameters   320 C + 122 880 for the convolutions, 640 for norms, 131 200 for fc.
/// Source       ours. Study 1 describes its network only as "a similar convolutional classifier
///              inspired by TASKED"; docs/power-of-training.md.
class HarEncoder final : public Network, private torch::nn::Module {
 public:
  explicit HarEncoder(std::int64_t channels)
      : conv1_(register_module("conv1", har_convolution(channels, 64))),
        norm1_(register_module("norm1", BatchNorm(64))),
        conv2_(register_module("conv2", har_convolution(64, kHarWidth))),
        norm2_(register_module("norm2", BatchNorm(kHarWidth))),
        conv3_(register_module("conv3", har_convolution(kHarWidth, kHarWidth))),
        norm3_(register_module("norm3", BatchNorm(kHarWidth))),
        fc_(register_module("fc", torch::nn::Linear(kHarWidth * kHarSteps, kHarLatent))) {}

  at::Tensor forward(const at::Tensor& windows) override {
    at::Tensor x = norm1_(over_time(conv1_, as_images(windows)));
    x = norm2_(over_time(conv2_, at::relu(at::max_pool2d(x, {1, 2}))));
    x = norm3_(over_time(conv3_, at::relu(at::max_pool2d(x, {1, 2}))));
    return fc_(at::adaptive_avg_pool2d(x.relu_(), {1, kHarSteps}).flatten(1));
  }
  torch::nn::Module& module() override { return *this; }

 private:
  torch::nn::Conv1d conv1_;
  BatchNorm norm1_;
  torch::nn::Conv1d conv2_;
  BatchNorm norm2_;
  torch::nn::Conv1d conv3_;
  BatchNorm norm3_;
  torch::nn::Linear fc_;
};

/// latent [n,128] -> fc1 [n,128], relu, dropout 0.5 -> fc2 [n,outputs]
class HarHead final : public Network, private torch::nn::Module {
 public:
  HarHead(std::int64_t latent, std::int64_t outputs)
      : fc1_(register_module("fc1", torch::nn::Linear(latent, kHarLatent))),
        dropout_(register_module("dropout", torch::nn::Dropout(0.5))),
        fc2_(register_module("fc2", torch::nn::Linear(kHarLatent, outputs))) {}

  at::Tensor forward(const at::Tensor& latents) override {
    return fc2_(dropout_(at::relu(fc1_(latents))));
  }
  torch::nn::Module& module() override { return *this; }

 private:
  torch::nn::Linear fc1_;
  torch::nn::Dropout dropout_;
  torch::nn::Linear fc2_;
};

/// The encoder mirrored:
///   latent [n,128] -> fc, relu [n,128,8] -> doubled, conv1, norm, relu [n,128,16]
///   -> doubled, conv2, norm, relu [n,64,32] -> doubled, conv3 [n,C,64] -> stretched [n,C,T]
class HarDecoder final : public Network, private torch::nn::Module {
 public:
  explicit HarDecoder(const InputShape& shape)
      : length_(shape.width),
        fc_(register_module("fc", torch::nn::Linear(kHarLatent, kHarWidth * kHarSteps))),
        conv1_(register_module("conv1", har_convolution(kHarWidth, kHarWidth))),
        norm1_(register_module("norm1", BatchNorm(kHarWidth))),
        conv2_(register_module("conv2", har_convolution(kHarWidth, 64))),
        norm2_(register_module("norm2", BatchNorm(64))),
        conv3_(register_module(
            "conv3",
            torch::nn::Conv1d(torch::nn::Conv1dOptions(64, shape.channels, 5).padding(2)))) {}

  at::Tensor forward(const at::Tensor& latents) override {
    at::Tensor x = as_images(at::relu(fc_(latents)).view({-1, kHarWidth, kHarSteps}));
    x = norm1_(over_time(conv1_, doubled(x, 2 * kHarSteps)));
    x = norm2_(over_time(conv2_, doubled(x.relu_(), 4 * kHarSteps)));
    x = over_time(conv3_, doubled(x.relu_(), 8 * kHarSteps));
    return at::upsample_linear1d(x.squeeze(2).contiguous(), {length_}, false);
  }
  torch::nn::Module& module() override { return *this; }

 private:
  std::int64_t length_;
  torch::nn::Linear fc_;
  torch::nn::Conv1d conv1_;
  BatchNorm norm1_;
  torch::nn::Conv1d conv2_;
  BatchNorm norm2_;
  torch::nn::Conv1d conv3_;
};

}  // namespace

Model har_cnn() {
  Model model{"har-cnn",
              "three convolutions over time (64, 128, 128 channels), latent 128, mirrored decoder",
              true,
              [](const InputShape& shape) -> std::unique_ptr<Network> {
                return std::make_unique<HarEncoder>(shape.channels);
              },
              [](const InputShape&) { return kHarLatent; },
              [](std::int64_t latent, std::int64_t outputs) -> std::unique_ptr<Network> {
                return std::make_unique<HarHead>(latent, outputs);
              },
              [](const InputShape& shape) -> std::unique_ptr<Network> {
                return std::make_unique<HarDecoder>(shape);
              }};
  model.is_channels_last = true;
  return model;
}

}  // namespace gradwatt
