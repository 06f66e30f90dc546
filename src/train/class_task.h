#pragma once

#include "train/task.h"

namespace gradwatt {

struct TaskSpec;

/// An encoder and one head that names the class: cross-entropy; reports val_loss and val_acc.
/// A frozen encoder stays as it is.
[[nodiscard]] std::unique_ptr<Task> class_task(const TaskSpec& spec, bool frozen_encoder);

/// Share of the batch whose highest score is its class: a scalar on the device.
[[nodiscard]] at::Tensor class_accuracy(const at::Tensor& scores, const at::Tensor& classes);

}  // namespace gradwatt
