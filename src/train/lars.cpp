#include "train/lars.h"

#include "train/flat_parameters.h"
#include "train/tensors.h"

namespace gradwatt {
namespace {

class Lars final : public Optimizer {
 public:
  Lars(const OptimizerSpec& spec, FlatParameters& parameters)
      : spec_(spec),
        parameters_(parameters),
        velocity_(at::zeros_like(parameters.values())),
        gradients_(parameters.gradients()) {
    std::vector<std::int64_t> lengths;
    std::vector<float> adapted;
    std::int64_t offset = 0;
    for (const at::Tensor& parameter : parameters.shaped(parameters.values())) {
      lengths.push_back(parameter.numel());
      adapted.push_back(parameter.dim() > 1 ? 1.0F : 0.0F);
      weight_pieces_.push_back(parameters.values().narrow(0, offset, lengths.back()));
      gradient_pieces_.push_back(gradients_.narrow(0, offset, lengths.back()));
      offset += lengths.back();
    }
    const at::Device place = velocity_.device();
    lengths_ = at::tensor(lengths, at::kLong).to(place);
    adapted_ = at::tensor(adapted, at::kFloat).to(place);
    decay_ = spread(adapted_ * spec.weight_decay);
  }

  void step(double learning_rate) override {
    const at::NoGradGuard no_graph;
    ++steps_;
    const at::Tensor rates = spread(trust_ratios());
    gradients_.addcmul_(parameters_.values(), decay_);
    velocity_.mul_(spec_.momentum).addcmul_(gradients_, rates, learning_rate);
    parameters_.values().sub_(velocity_);
  }
  std::vector<std::pair<std::string, at::Tensor>> memory() override {
    return {{"velocity", velocity_}};
  }

 private:
  /// [parameters] -> one value for each of their numbers.
  [[nodiscard]] at::Tensor spread(const at::Tensor& of_each) const {
    return of_each.repeat_interleave(lengths_, 0, velocity_.numel());
  }

  [[nodiscard]] at::Tensor trust_ratios() const {
    const at::Tensor weights = at::stack(at::_foreach_norm(weight_pieces_));
    const at::Tensor gradients = at::stack(at::_foreach_norm(gradient_pieces_));
    const at::Tensor below = gradients + weights * spec_.weight_decay;
    const at::Tensor is_adapted =
        adapted_.gt(0).logical_and(weights.gt(0)).logical_and(below.gt(0));
    return at::where(is_adapted, weights * spec_.trust / below, at::ones_like(weights));
  }

  OptimizerSpec spec_;
  FlatParameters& parameters_;
  at::Tensor velocity_;
  at::Tensor gradients_;
  std::vector<at::Tensor> weight_pieces_;  ///< Views of each parameter's part of the buffer.
  std::vector<at::Tensor> gradient_pieces_;
  at::Tensor lengths_;  ///< [parameters] of each parameter
  at::Tensor adapted_;  ///< [parameters] 1 or 0
  at::Tensor decay_;    ///< [numbers]
};

}  // namespace

std::unique_ptr<Optimizer> make_lars(const OptimizerSpec& spec, FlatParameters& parameters) {
  return std::make_unique<Lars>(spec, parameters);
}

}  // namespace gradwatt
