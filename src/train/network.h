#pragma once

#include <cstdint>

namespace at {
class Tensor;
}
namespace torch::nn {
class Module;
}

namespace gradwatt {

/// A part of what is trained: an encoder, a classifier's head, a decoder. It knows no data set and
/// no loss.
class Network {
 public:
  virtual ~Network() = default;
  Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// float32 in, float32 out; the model's header gives the shapes. Images come [batch, channels,
  /// height, width], series [batch, channels, length].
  [[nodiscard]] virtual at::Tensor forward(const at::Tensor& inputs) = 0;

  /// The parameters and buffers, by name.
  [[nodiscard]] virtual torch::nn::Module& module() = 0;
};

[[nodiscard]] std::int64_t parameter_count(Network& network);

}  // namespace gradwatt
