#include "base/expects.h"
#include "train/batch_norm_tensors.h"
#include "train/parallel/comm.h"

#include <torch/csrc/autograd/custom_function.h>

namespace gradwatt {
namespace {

using Tensors = torch::autograd::variable_list;

at::Tensor over_channels(const at::Tensor& per_channel) { return per_channel.view({1, -1, 1, 1}); }

/// [channels] float64
at::Tensor channel_sums(const at::Tensor& images) {
  return images.to(at::kFloat).sum({0, 2, 3}).to(at::kDouble);
}

/// x' = (x - mean) / sqrt(var + eps) with statistics over all ranks.
struct SyncedNormalisation : torch::autograd::Function<SyncedNormalisation> {
  static at::Tensor forward(torch::autograd::AutogradContext* context,
                            const at::Tensor& images,
                            const at::Tensor& mean,
                            const at::Tensor& scale,
                            double count,
                            Comm* comm) {
    const at::Tensor result = images.sub(over_channels(mean)).mul_(over_channels(scale));
    context->save_for_backward({result, scale});
    context->saved_data["count"] = count;
    context->saved_data["comm"] = reinterpret_cast<std::int64_t>(comm);
    return result;
  }

  static Tensors backward(torch::autograd::AutogradContext* context, const Tensors& outputs) {
    const Tensors saved = context->get_saved_variables();
    const at::Tensor& normal = saved[0];
    const at::Tensor& gradient = outputs[0];
    auto* const comm = reinterpret_cast<Comm*>(context->saved_data["comm"].toInt());
    const at::Tensor sums = at::stack({channel_sums(gradient), channel_sums(gradient.mul(normal))});
    comm->sum(sums);
    const at::Tensor means = sums.div(context->saved_data["count"].toDouble()).to(at::kFloat);
    const at::Tensor inner =
        gradient.sub(over_channels(means[0])).sub_(normal.mul(over_channels(means[1])));
    return {inner.mul_(over_channels(saved[1])), {}, {}, {}, {}};
  }
};

}  // namespace

at::Tensor BatchNormImpl::forward(const at::Tensor& images) {
  _check_input_dim(images);
  if (comm_ != nullptr && is_training()) {
    return synced(images);
  }
  if (is_training()) {
    const at::NoGradGuard no_graph;
    num_batches_tracked.add_(1);
  }
  return at::batch_norm(images,
                        weight,
                        bias,
                        running_mean,
                        running_var,
                        is_training(),
                        *options.momentum(),
                        options.eps(),
                        at::globalContext().userEnabledCuDNN());
}

void BatchNormImpl::_check_input_dim(const at::Tensor& images) {
  expects(images.dim() == 4, "[n, channels, height, width]");
}

at::Tensor BatchNormImpl::synced(const at::Tensor& images) {
  const double local = static_cast<double>(images.numel()) / static_cast<double>(images.size(1));
  at::Tensor mean;
  at::Tensor variance;
  double count = 0;
  {
    const at::NoGradGuard no_graph;
    const at::Tensor x = images.detach().to(at::kFloat);
    const at::Tensor own_mean = channel_sums(x).div_(local);
    const at::Tensor around = x.sub(over_channels(own_mean.to(at::kFloat)));
    const at::Tensor squares = channel_sums(around.square()).add_(own_mean.square().mul_(local));
    const at::Tensor sums =
        at::cat({own_mean.mul(local), squares, at::full({1}, local, own_mean.options())});
    comm_->sum(sums);
    const std::int64_t channels = images.size(1);
    count = sums[-1].item<double>();
    mean = sums.narrow(0, 0, channels).div(count);
    variance = sums.narrow(0, channels, channels).div(count).sub_(mean.square()).clamp_min_(0);

    const double momentum = *options.momentum();
    num_batches_tracked.add_(1);
    running_mean.mul_(1 - momentum).add_(mean, momentum);
    running_var.mul_(1 - momentum).add_(variance, momentum * count / (count - 1));
  }
  const at::Tensor scale = variance.add(options.eps()).rsqrt_().to(at::kFloat);
  const at::Tensor normal =
      SyncedNormalisation::apply(images.to(at::kFloat), mean.to(at::kFloat), scale, count, comm_);
  return normal.mul(over_channels(weight)).add(over_channels(bias));
}

void synchronise_norms(torch::nn::Module& module, Comm* comm) {
  for (const auto& part : module.modules(false)) {
    if (auto* norm = dynamic_cast<BatchNormImpl*>(part.get())) {
      norm->synchronise(comm);
    }
  }
}

}  // namespace gradwatt
