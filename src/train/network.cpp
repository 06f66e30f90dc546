#include "train/network.h"

#include "train/tensors.h"

#include <torch/nn/module.h>

namespace gradwatt {

std::int64_t parameter_count(Network& network) {
  std::int64_t count = 0;
  for (const at::Tensor& parameter : network.module().parameters()) {
    count += parameter.numel();
  }
  return count;
}

}  // namespace gradwatt
