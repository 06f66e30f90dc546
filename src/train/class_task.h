#pragma once

#include "train/task.h"

namespace gradwatt {

struct TaskSpec;

/// An encoder and one head that names the class: cross-entropy, in training with smoothed labels
/// where asked for; reports val_loss, val_acc and, where asked for, val_top5.
/// A frozen encoder stays as it is.
[[nodiscard]] std::unique_ptr<Task> class_task(const TaskSpec& spec, bool frozen_encoder);

/// Share of the batch whose highest score is its class: a scalar on the device.
[[nodiscard]] at::Tensor class_accuracy(const at::Tensor& scores, const at::Tensor& classes);

/// Share of the batch whose class is among the `guesses` highest scores.
/// Example   scores 3 1 2 and 1 2 3, both of class 0, two guesses: 0.5.
[[nodiscard]] at::Tensor accuracy_among(std::int64_t guesses,
                                        const at::Tensor& scores,
                                        const at::Tensor& classes);

/// Cross-entropy with a target of 1 - s + s / K for the class and s / K for the K - 1 others.
/// Source    Szegedy et al., arXiv:1512.00567.
/// Example   two classes, scores ln 3 and 0, class 0, s 0.2: -0.9 ln 0.75 - 0.1 ln 0.25 = 0.3975.
[[nodiscard]] at::Tensor smoothed_loss(const at::Tensor& scores,
                                       const at::Tensor& classes,
                                       double smoothing);

}  // namespace gradwatt
