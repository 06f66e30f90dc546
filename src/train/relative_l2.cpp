#include "train/relative_l2.h"

#include "train/tensors.h"

namespace gradwatt {

at::Tensor relative_l2(const at::Tensor& forecasts, const at::Tensor& targets) {
  const at::Tensor differences = (forecasts - targets).flatten(1).norm(2, 1);
  return (differences / targets.flatten(1).norm(2, 1)).mean();
}

}  // namespace gradwatt
