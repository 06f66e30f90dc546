#pragma once

namespace at {
class Tensor;
}

namespace gradwatt {

/// Two layers for each frequency of a filter, each one complex matrix per block. The first
/// dimension of all is the real and the imaginary part.
struct SpectralWeights {
  const at::Tensor& w1;  ///< [2, blocks, size, size]
  const at::Tensor& b1;  ///< [2, blocks, size]
  const at::Tensor& w2;  ///< [2, blocks, size, size]
  const at::Tensor& b2;  ///< [2, blocks, size]
};

/// AFNO's mixing of tokens [n, h, w, blocks * size], in float32 also under autocast:
///
///   X = rfft2(x) over (h, w), orthonormal; h x (w/2 + 1) frequencies
///   Y = softshrink(w2 relu(w1 X + b1) + b2, 0.01), ReLU and softshrink of real and imaginary part
///       apart, for the first h/2 + 1 columns of frequencies; 0 for the others
///   y = irfft2(Y) + x
///
/// All rows and only those columns are kept: the published slice is meant to keep a share of all
/// frequencies, but takes the number of its columns from h.
/// Source    AFNO2D of NVlabs/FourCastNet; Guibas et al., arXiv:2111.13587.
/// Example   90 x 180 tokens: 90 x 91 frequencies, of which columns 46 to 90 are 0.
[[nodiscard]] at::Tensor spectral_filter(const at::Tensor& tokens, const SpectralWeights& weights);

}  // namespace gradwatt
