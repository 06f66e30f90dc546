#pragma once

#include <memory>

namespace at {
class Tensor;
}
namespace torch::nn {
class Module;
}

namespace gradwatt {

/// All parameters of a network in one buffer, and all their gradients in a second one.
///
/// The parameters become views of the buffer, so an optimizer step, clearing the gradients and
/// keeping a copy of the weights are one operation each, however many layers there are.
/// Weights of convolutions are laid out channels last, as the images are.
/// Takes     a module on its final device; its parameters must not be replaced afterwards.
class FlatParameters {
 public:
  explicit FlatParameters(torch::nn::Module& module);
  ~FlatParameters();
  FlatParameters(const FlatParameters&) = delete;
  FlatParameters& operator=(const FlatParameters&) = delete;

  [[nodiscard]] at::Tensor& values();     ///< [parameters] float32
  [[nodiscard]] at::Tensor& gradients();  ///< [parameters] float32
  void clear_gradients();

  void remember();  ///< Copies the values aside ...
  void recall();    ///< ... and back. Nothing happens when none were copied.

 private:
  struct Buffers;
  std::unique_ptr<Buffers> buffers_;
};

}  // namespace gradwatt
