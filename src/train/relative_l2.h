#pragma once

namespace at {
class Tensor;
}

namespace gradwatt {

/// The loss of forecasts: the distance to the target relative to the target's length, over all
/// elements of a sample, and the mean over samples. A scalar float32.
///
///   mean over n of ||x_n - y_n|| / ||y_n||
///
/// Takes     forecasts and targets of the same shape [n, ...].
/// Source    LpLoss of NVlabs/FourCastNet.
/// Example   x (1, 2), y (1, 0) -> 2 / 1; x (0, 0), y (3, 4) -> 5 / 5; the mean of both: 1.5.
[[nodiscard]] at::Tensor relative_l2(const at::Tensor& forecasts, const at::Tensor& targets);

}  // namespace gradwatt
