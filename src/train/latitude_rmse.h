#pragma once

#include <cstdint>

namespace at {
class Tensor;
}

namespace gradwatt {

/// The share of the globe's area that each row of a grid stands for, times the number of rows:
/// their mean is 1. [height, 1] float32.
///
///   w_j = height cos(lat_j) / sum over k of cos(lat_k),   lat_j = 90 - 180 j / (height - 1)
///
/// Takes     height > 1.
/// Source    latitude_weighting_factor of NVlabs/FourCastNet, which counts the rows after the crop.
/// Example   3 rows: 0, 3, 0; 5 rows: 0, 1.4645, 2.0711, 1.4645, 0.
[[nodiscard]] at::Tensor latitude_weights(std::int64_t height);

/// Root of the mean square error of each sample and channel, weighted by latitude: [n, channels],
/// in the units of the fields.
///
///   sqrt(mean over rows and columns of w_j (forecast - target)^2)
///
/// Takes     fields [n, channels, height, width], weights of the height.
/// Source    weighted_rmse_channels of NVlabs/FourCastNet.
/// Example   3 x 1 points that are off by 9, 2 and 9: sqrt(3 * 2^2 / 3) = 2.
[[nodiscard]] at::Tensor latitude_rmse(const at::Tensor& forecasts,
                                       const at::Tensor& targets,
                                       const at::Tensor& weights);

}  // namespace gradwatt
