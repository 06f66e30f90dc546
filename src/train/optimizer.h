#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace at {
class Tensor;
}

namespace gradwatt {

class FlatParameters;

enum class OptimizerKind { sgd, adam, lars };

struct OptimizerSpec {
  OptimizerKind kind = OptimizerKind::adam;
  double momentum = 0.9;    ///< Of SGD and LARS; 0 for plain gradient descent.
  double weight_decay = 0;  ///< L2: this times the weights is added to the gradient.
  bool nesterov = false;    ///< Of SGD.
  double trust = 0.001;     ///< Of LARS.
};

/// Turns gradients into a step of the weights. Both are flat buffers: a handful of operations for
/// the whole network instead of a handful for each of its parameters.
///
///   SGD    v = momentum * v + g;  w = w - lr * v, with Nesterov's momentum - lr * (momentum v + g)
///   Adam   m = 0.9 m + 0.1 g;  s = 0.999 s + 0.001 g^2;
///          w = w - lr * (m / (1 - 0.9^t)) / (sqrt(s / (1 - 0.999^t)) + 1e-8)
///
/// LARS is in lars.h.
/// Source    the definitions PyTorch uses, whose results a test compares; Adam: Kingma and Ba,
///           arXiv:1412.6980.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  virtual void step(double learning_rate) = 0;

  /// What it remembers between steps, by name: buffers as long as the parameters', to be saved and
  /// copied into when training goes on.
  [[nodiscard]] virtual std::vector<std::pair<std::string, at::Tensor>> memory() = 0;
  [[nodiscard]] std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }

 protected:
  std::int64_t steps_ = 0;  ///< Made so far.
};

/// `parameters` must outlive the optimizer.
[[nodiscard]] std::unique_ptr<Optimizer> make_optimizer(const OptimizerSpec& spec,
                                                        FlatParameters& parameters);

}  // namespace gradwatt
