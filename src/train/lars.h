#pragma once

#include "train/optimizer.h"

#include <memory>

namespace gradwatt {

/// SGD with momentum whose rate is adapted to each parameter's length, for very large batches.
///
///   k = trust * |w| / (|g| + weight_decay * |w|);  1 where that has a zero above or below
///   v = momentum * v + lr * k * (g + weight_decay * w);  w = w - v
///
/// Biases and normalisations, the parameters of one dimension, get k = 1 and no weight decay.
/// Source    You, Gitman, Ginsburg, "Large Batch Training of Convolutional Networks",
///           arXiv:1708.03888, Algorithm 1; what it skips: MLPerf Training's reference of ResNet.
/// Example   w 3 4, g 0 1, trust 0.1, no decay, lr 1: k = 0.5, the step is 0 0.5.
[[nodiscard]] std::unique_ptr<Optimizer> make_lars(const OptimizerSpec& spec,
                                                   FlatParameters& parameters);

}  // namespace gradwatt
