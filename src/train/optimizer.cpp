#include "train/optimizer.h"

#include "train/flat_parameters.h"
#include "train/lars.h"
#include "train/tensors.h"

#include <cmath>

namespace gradwatt {
namespace {

void add_weight_decay(double weight_decay, FlatParameters& parameters) {
  if (weight_decay != 0) {
    parameters.gradients().add_(parameters.values(), weight_decay);
  }
}

class Sgd final : public Optimizer {
 public:
  Sgd(const OptimizerSpec& spec, FlatParameters& parameters)
      : spec_(spec), parameters_(parameters), velocity_(at::zeros_like(parameters.values())) {}

  void step(double learning_rate) override {
    const at::NoGradGuard no_graph;
    add_weight_decay(spec_.weight_decay, parameters_);
    ++steps_;
    velocity_.mul_(spec_.momentum).add_(parameters_.gradients());
    parameters_.values().add_(velocity_, -learning_rate * (spec_.nesterov ? spec_.momentum : 1));
    if (spec_.nesterov) {
      parameters_.values().add_(parameters_.gradients(), -learning_rate);
    }
  }
  std::vector<std::pair<std::string, at::Tensor>> memory() override {
    return {{"velocity", velocity_}};
  }

 private:
  OptimizerSpec spec_;
  FlatParameters& parameters_;
  at::Tensor velocity_;
};

class Adam final : public Optimizer {
 public:
  Adam(const OptimizerSpec& spec, FlatParameters& parameters)
      : weight_decay_(spec.weight_decay),
        parameters_(parameters),
        mean_(at::zeros_like(parameters.values())),
        square_(at::zeros_like(parameters.values())) {}

  void step(double learning_rate) override {
    const at::NoGradGuard no_graph;
    add_weight_decay(weight_decay_, parameters_);
    ++steps_;
    const at::Tensor& gradients = parameters_.gradients();
    mean_.mul_(kDecay).add_(gradients, 1 - kDecay);
    square_.mul_(kSquareDecay).addcmul_(gradients, gradients, 1 - kSquareDecay);
    const auto steps = static_cast<double>(steps_);
    const double rate = learning_rate / (1 - std::pow(kDecay, steps));
    const double scale = std::sqrt(1 - std::pow(kSquareDecay, steps));
    parameters_.values().addcdiv_(mean_, square_.sqrt().div_(scale).add_(kEpsilon), -rate);
  }
  std::vector<std::pair<std::string, at::Tensor>> memory() override {
    return {{"mean", mean_}, {"square", square_}};
  }

 private:
  static constexpr double kDecay = 0.9;
  static constexpr double kSquareDecay = 0.999;
  static constexpr double kEpsilon = 1e-8;

  double weight_decay_;
  FlatParameters& parameters_;
  at::Tensor mean_;
  at::Tensor square_;
};

}  // namespace

std::unique_ptr<Optimizer> make_optimizer(const OptimizerSpec& spec, FlatParameters& parameters) {
  switch (spec.kind) {
    case OptimizerKind::sgd:
      return std::make_unique<Sgd>(spec, parameters);
    case OptimizerKind::lars:
      return make_lars(spec, parameters);
    case OptimizerKind::adam:
      break;
  }
  return std::make_unique<Adam>(spec, parameters);
}

}  // namespace gradwatt
