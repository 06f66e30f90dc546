#pragma once

#include "train/network.h"

#include <array>
#include <cstdint>
#include <memory>

namespace gradwatt {

/// What tells residual networks apart: how many blocks each of the four stages has, and whether
/// they are bottlenecks (1x1, 3x3, 1x1 convolutions, four times as wide) or basic (two 3x3).
struct ResNetSpec {
  std::array<int, 4> blocks{};
  bool bottleneck = false;

  [[nodiscard]] std::int64_t latent_size() const { return bottleneck ? 2048 : 512; }
};

/// A residual network up to and including the mean over all positions.
///
///   x [n,channels,h,w] -> conv1 7x7/2, bn1, relu, max-pool 3x3/2 -> layer1..4 (64, 128, 256, 512
///   wide; the first 3x3 of layers 2 to 4 has stride 2) -> mean [n,latent_size()]
///
/// Names and shapes of all parameters and buffers are torchvision's, so its weights and timm's fit.
/// Weights start as torchvision's do: He's normal distribution over the outputs, norms 1 and 0.
/// Source   He, Zhang, Ren, Sun, arXiv:1512.03385; stride in the 3x3 convolution as torchvision.
/// Example  blocks {2,2,2,2}, basic, 3 channels: 11 176 512 parameters, ResNet18 without its fc.
[[nodiscard]] std::unique_ptr<Network> make_resnet(const ResNetSpec& spec, std::int64_t channels);

}  // namespace gradwatt
