#pragma once

namespace gradwatt {

/// Top-1 error of ResNet50 on ImageNet after 90 epochs, by global batch, with the learning rate
/// scaled linearly and warmed up: what simulated trainings are given as their result.
///
/// Straight lines in the batch's logarithm between 23.60 % (256), 23.74 % (8192), 24.79 % (16384),
/// 27.55 % (32768) and 33.96 % (65536); the ends hold beyond them.
///
/// Takes    a global batch of at least 1.
/// Source   Goyal et al., Accurate, Large Minibatch SGD, 2017, figure 1.
/// Example  8192: 0.2374; 16384: 0.2479; 64: 0.2360.
[[nodiscard]] double large_batch_error(double global_batch);

}  // namespace gradwatt
