#include "train/linear_head.h"

#include "train/tensors.h"

#include <torch/nn/modules/linear.h>

namespace gradwatt {
namespace {

class LinearHead final : public Network, private torch::nn::Module {
 public:
  LinearHead(std::int64_t latent, std::int64_t outputs)
      : fc_(register_module("fc", torch::nn::Linear(latent, outputs))) {}

  at::Tensor forward(const at::Tensor& latents) override { return fc_(latents); }
  torch::nn::Module& module() override { return *this; }

 private:
  torch::nn::Linear fc_;
};

}  // namespace

std::unique_ptr<Network> linear_head(std::int64_t latent, std::int64_t outputs) {
  return std::make_unique<LinearHead>(latent, outputs);
}

}  // namespace gradwatt
