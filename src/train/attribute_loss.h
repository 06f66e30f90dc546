#pragma once

namespace at {
class Tensor;
}

namespace gradwatt {

/// Binary cross-entropy of scores [n, attributes] against 0 or 1, the mean over both dimensions.
[[nodiscard]] at::Tensor attribute_loss(const at::Tensor& scores, const at::Tensor& attributes);

/// Share of attributes that are told right, a score above 0 meaning yes; the mean over both
/// dimensions: a scalar on the device.
[[nodiscard]] at::Tensor attribute_accuracy(const at::Tensor& scores, const at::Tensor& attributes);

}  // namespace gradwatt
