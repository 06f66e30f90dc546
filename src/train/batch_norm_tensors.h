#pragma once

#include "train/tensors.h"

#include <torch/nn/modules/batchnorm.h>

namespace gradwatt {

class Comm;

/// Batch normalisation of images, by default over the samples of this rank as in both studies; when
/// synchronised, over those of all ranks.
///
///   mean = sum_r n_r mean_r / n,  var = sum_r (n_r var_r + n_r mean_r^2) / n - mean^2
///   dx = w / sqrt(var + eps) (dy - mean(dy) - x' mean(dy x'))      x' the normalised input
///
/// The means of the second line are over all ranks as well; weight and bias get the sums over this
/// rank's samples, since gradients are summed over ranks later.
/// Takes     [n, channels, height, width] with the same n > 0 or another on each rank.
/// Source    Ioffe and Szegedy, arXiv:1502.03167, with sums over all ranks.
/// Parameters and buffers are named as those of torch's module, whose class cannot be derived from:
/// libtorch does not export all of it.
class BatchNormImpl
    : public torch::nn::NormImplBase<2, BatchNormImpl, torch::nn::BatchNormOptions> {
 public:
  explicit BatchNormImpl(const torch::nn::BatchNormOptions& how) : NormImplBase(how) {}

  at::Tensor forward(const at::Tensor& images);
  /// `comm` must outlive the module; nullptr: local again.
  void synchronise(Comm* comm) { comm_ = comm; }

 private:
  void _check_input_dim(const at::Tensor& images) override;
  [[nodiscard]] at::Tensor synced(const at::Tensor& images);

  Comm* comm_ = nullptr;
};
TORCH_MODULE(BatchNorm);

/// All normalisations in `module` and below.
void synchronise_norms(torch::nn::Module& module, Comm* comm);

}  // namespace gradwatt
