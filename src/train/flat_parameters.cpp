#include "train/flat_parameters.h"

#include "train/tensors.h"

#include <torch/nn/module.h>

namespace gradwatt {
namespace {

/// A view of `numel` elements of `flat` from `offset` on, shaped like `parameter`.
at::Tensor shaped_view(const at::Tensor& flat,
                       std::int64_t offset,
                       const at::Tensor& parameter,
                       bool channels_last) {
  const at::Tensor part = flat.narrow(0, offset, parameter.numel());
  if (parameter.dim() != 4 || !channels_last) {
    return part.view(parameter.sizes());
  }
  const auto size = parameter.sizes();
  return part.view({size[0], size[2], size[3], size[1]}).permute({0, 3, 1, 2});
}

}  // namespace

struct FlatParameters::Buffers {
  bool channels_last = true;
  std::vector<at::Tensor> parameters;
  at::Tensor values;
  at::Tensor gradients;
};

FlatParameters::FlatParameters(std::span<torch::nn::Module* const> modules, bool channels_last)
    : buffers_(std::make_unique<Buffers>()) {
  buffers_->channels_last = channels_last;
  std::int64_t count = 0;
  for (torch::nn::Module* module : modules) {
    for (const at::Tensor& parameter : module->parameters()) {
      buffers_->parameters.push_back(parameter);
      count += parameter.numel();
    }
  }
  const auto options = buffers_->parameters.front().detach().options();
  buffers_->values = at::zeros({count}, options);
  buffers_->gradients = at::zeros({count}, options);

  const std::vector<at::Tensor> values = shaped(buffers_->values);
  const std::vector<at::Tensor> gradients = shaped(buffers_->gradients);
  for (std::size_t i = 0; i < values.size(); ++i) {
    at::Tensor& parameter = buffers_->parameters[i];
    values[i].copy_(parameter.detach());
    parameter.set_data(values[i]);
    // A defined gradient is added to in place, and so stays in the buffer.
    parameter.mutable_grad() = gradients[i];
  }
}

FlatParameters::~FlatParameters() = default;

at::Tensor& FlatParameters::values() { return buffers_->values; }
at::Tensor& FlatParameters::gradients() { return buffers_->gradients; }
void FlatParameters::clear_gradients() { buffers_->gradients.zero_(); }

const std::vector<at::Tensor>& FlatParameters::parameters() const { return buffers_->parameters; }

std::vector<at::Tensor> FlatParameters::shaped(const at::Tensor& flat) const {
  std::vector<at::Tensor> views;
  std::int64_t offset = 0;
  for (const at::Tensor& parameter : buffers_->parameters) {
    views.push_back(shaped_view(flat, offset, parameter, buffers_->channels_last));
    offset += parameter.numel();
  }
  return views;
}

}  // namespace gradwatt
