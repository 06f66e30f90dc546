#pragma once

namespace at {
class Tensor;
}

namespace gradwatt {

/// How well what is unusual about the weather was foreseen (ACC): the correlation of the anomalies
/// of forecast and target, weighted by latitude, of each sample and channel: [n, channels].
///
///   sum w p t / sqrt(sum w p^2 sum w t^2),   p = forecast - climatology, t = target - climatology
///
/// Takes     fields [n, channels, height, width], the climatology [channels, height, width] in the
///           same units, weights of the height (latitude_rmse.h).
/// Source    weighted_acc_channels of NVlabs/FourCastNet.
/// Example   two points of weight 1, anomalies foreseen (1, 0), real (3, 4): 3 / (1 * 5) = 0.6.
[[nodiscard]] at::Tensor anomaly_correlation(const at::Tensor& forecasts,
                                             const at::Tensor& targets,
                                             const at::Tensor& climatology,
                                             const at::Tensor& weights);

}  // namespace gradwatt
