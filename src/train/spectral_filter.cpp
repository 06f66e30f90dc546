#include "train/spectral_filter.h"

#include "train/tensors.h"

#include <c10/core/impl/LocalDispatchKeySet.h>

#include <algorithm>

namespace gradwatt {
namespace {

constexpr double kShrinkBy = 0.01;

/// Complex matrices [2, blocks, in, out] as real ones for numbers whose real and imaginary parts
/// take turns: [blocks, 2 in, 2 out].
at::Tensor interleaved_matrices(const at::Tensor& weights) {
  const at::Tensor real = weights.select(0, 0);
  const at::Tensor imaginary = weights.select(0, 1);
  const at::Tensor from_real = at::stack({real, imaginary}, -1);
  const at::Tensor from_imaginary = at::stack({-imaginary, real}, -1);
  return at::stack({from_real, from_imaginary}, 2)
      .reshape({weights.size(1), 2 * weights.size(2), 2 * weights.size(3)});
}

/// [2, blocks, out] -> [blocks, 1, 2 out]
at::Tensor interleaved_biases(const at::Tensor& biases) {
  return biases.permute({1, 2, 0}).reshape({biases.size(1), 1, 2 * biases.size(2)});
}

}  // namespace

at::Tensor spectral_filter(const at::Tensor& tokens, const SpectralWeights& weights) {
  const c10::impl::ExcludeDispatchKeyGuard in_float32(c10::autocast_dispatch_keyset);
  const at::Tensor x = tokens.to(at::kFloat);
  const std::int64_t n = x.size(0);
  const std::int64_t h = x.size(1);
  const std::int64_t w = x.size(2);
  const std::int64_t columns = w / 2 + 1;
  const std::int64_t kept = std::min(h / 2 + 1, columns);
  const std::int64_t blocks = weights.w1.size(1);
  const std::int64_t size = weights.w1.size(2);

  const at::Tensor frequencies = at::fft_rfft2(x, at::OptionalIntArrayRef(), {1, 2}, "ortho");
  at::Tensor y = at::view_as_real(frequencies.narrow(2, 0, kept))
                     .reshape({n * h * kept, blocks, 2 * size})
                     .transpose(0, 1);
  y = at::relu(at::baddbmm(interleaved_biases(weights.b1), y, interleaved_matrices(weights.w1)));
  y = at::baddbmm(interleaved_biases(weights.b2), y, interleaved_matrices(weights.w2));
  y = at::softshrink(y, kShrinkBy).transpose(0, 1).reshape({n, h, kept, blocks * size, 2});
  if (kept < columns) {
    y = at::constant_pad_nd(y, {0, 0, 0, 0, 0, columns - kept});
  }
  const at::Tensor back =
      at::fft_irfft2(at::view_as_complex(y.contiguous()), at::IntArrayRef{h, w}, {1, 2}, "ortho");
  return back + x;
}

}  // namespace gradwatt
