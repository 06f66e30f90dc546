#pragma once

#include <cstdint>

namespace at {
class Tensor;
}
namespace torch::nn {
class Module;
}

namespace gradwatt {

/// A network as the training loop sees it. The loop knows no layer, a network knows no data set.
class Network {
 public:
  virtual ~Network() = default;
  Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// images [batch, channels, height, width] float32, channels last in memory
  /// -> class scores [batch, classes] before the softmax.
  [[nodiscard]] virtual at::Tensor forward(const at::Tensor& images) = 0;

  /// The parameters, by name.
  [[nodiscard]] virtual torch::nn::Module& module() = 0;
};

[[nodiscard]] std::int64_t parameter_count(Network& network);

}  // namespace gradwatt
