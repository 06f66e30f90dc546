#pragma once

#include <memory>
#include <span>
#include <vector>

namespace at {
class Tensor;
}
namespace torch::nn {
class Module;
}

namespace gradwatt {

/// All parameters that learn in one buffer, and all their gradients in a second one.
///
/// The parameters become views of the buffer, so an optimizer step, clearing the gradients and
/// keeping a copy of the weights are one operation each, however many layers there are.
/// Weights of convolutions are laid out channels last where images are.
/// Takes     modules on their final device; their parameters must not be replaced afterwards.
class FlatParameters {
 public:
  explicit FlatParameters(std::span<torch::nn::Module* const> modules, bool channels_last = true);
  ~FlatParameters();
  FlatParameters(const FlatParameters&) = delete;
  FlatParameters& operator=(const FlatParameters&) = delete;

  [[nodiscard]] at::Tensor& values();     ///< [parameters] float32
  [[nodiscard]] at::Tensor& gradients();  ///< [parameters] float32
  void clear_gradients();

  /// In the modules' order, which is that of the buffers.
  [[nodiscard]] const std::vector<at::Tensor>& parameters() const;

  /// Views of a buffer as long as values(), shaped as the parameters, in the modules' order.
  [[nodiscard]] std::vector<at::Tensor> shaped(const at::Tensor& flat) const;

 private:
  struct Buffers;
  std::unique_ptr<Buffers> buffers_;
};

}  // namespace gradwatt
