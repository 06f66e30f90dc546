#include "train/latitude_rmse.h"

#include "base/expects.h"
#include "train/tensors.h"

#include <numbers>

namespace gradwatt {

at::Tensor latitude_weights(std::int64_t height) {
  expects(height > 1, "rows from pole to pole");
  const at::Tensor rows = at::arange(height, at::kDouble);
  const double step = std::numbers::pi / static_cast<double>(height - 1);
  const at::Tensor cosines = (std::numbers::pi / 2 - rows * step).cos().clamp_min(0);
  return (cosines * static_cast<double>(height) / cosines.sum()).to(at::kFloat).unsqueeze(1);
}

at::Tensor latitude_rmse(const at::Tensor& forecasts,
                         const at::Tensor& targets,
                         const at::Tensor& weights) {
  return ((forecasts - targets).square() * weights).mean({2, 3}).sqrt();
}

}  // namespace gradwatt
