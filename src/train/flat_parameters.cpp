#include "train/flat_parameters.h"

#include "train/tensors.h"

#include <torch/nn/module.h>

namespace gradwatt {
namespace {

/// A view of `numel` elements of `flat` from `offset` on, shaped like `parameter`.
at::Tensor shaped_view(const at::Tensor& flat, std::int64_t offset, const at::Tensor& parameter) {
  const at::Tensor part = flat.narrow(0, offset, parameter.numel());
  if (parameter.dim() != 4) {
    return part.view(parameter.sizes());
  }
  const auto size = parameter.sizes();
  return part.view({size[0], size[2], size[3], size[1]}).permute({0, 3, 1, 2});
}

}  // namespace

struct FlatParameters::Buffers {
  at::Tensor values;
  at::Tensor gradients;
  at::Tensor remembered;
};

FlatParameters::FlatParameters(torch::nn::Module& module) : buffers_(std::make_unique<Buffers>()) {
  std::vector<at::Tensor> parameters = module.parameters();
  std::int64_t count = 0;
  for (const at::Tensor& parameter : parameters) {
    count += parameter.numel();
  }
  const auto options = parameters.front().detach().options();
  buffers_->values = at::zeros({count}, options);
  buffers_->gradients = at::zeros({count}, options);

  std::int64_t offset = 0;
  for (at::Tensor& parameter : parameters) {
    const at::Tensor view = shaped_view(buffers_->values, offset, parameter);
    view.copy_(parameter.detach());
    parameter.set_data(view);
    // A defined gradient is added to in place, and so stays in the buffer.
    parameter.mutable_grad() = shaped_view(buffers_->gradients, offset, parameter);
    offset += parameter.numel();
  }
}

FlatParameters::~FlatParameters() = default;

at::Tensor& FlatParameters::values() { return buffers_->values; }
at::Tensor& FlatParameters::gradients() { return buffers_->gradients; }
void FlatParameters::clear_gradients() { buffers_->gradients.zero_(); }

void FlatParameters::remember() { buffers_->remembered = buffers_->values.clone(); }

void FlatParameters::recall() {
  if (buffers_->remembered.defined()) {
    buffers_->values.copy_(buffers_->remembered);
  }
}

}  // namespace gradwatt
