#include "train/anomaly_correlation.h"

#include "train/tensors.h"

namespace gradwatt {

at::Tensor anomaly_correlation(const at::Tensor& forecasts,
                               const at::Tensor& targets,
                               const at::Tensor& climatology,
                               const at::Tensor& weights) {
  const at::Tensor foreseen = forecasts - climatology;
  const at::Tensor real = targets - climatology;
  const at::Tensor weighted = real * weights;
  return (foreseen * weighted).sum({2, 3}) /
         ((foreseen.square() * weights).sum({2, 3}) * (real * weighted).sum({2, 3})).sqrt();
}

}  // namespace gradwatt
