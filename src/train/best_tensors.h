#pragma once

#include "train/best_weights.h"
#include "train/tensors.h"

#include <vector>

namespace gradwatt {

struct BestWeights::Copies {
  at::Tensor parameters;            ///< As FlatParameters::values(); undefined: there are none.
  std::vector<at::Tensor> buffers;  ///< As trained_buffers().
};

}  // namespace gradwatt
