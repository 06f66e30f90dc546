#pragma once

#include <memory>

namespace gradwatt {

class Task;
struct TaskSpec;

/// A trunk and a head that foresee the next field, and from their own forecast those behind it.
///
/// The loss is the sum over the steps of the relative L2 distance to the target (relative_l2.h).
/// Reports, the fields of the last step:
///   val_loss       the loss
///   val_rmse       latitude-weighted RMSE of the normalised fields, mean over channels
///   val_acc        anomaly correlation, mean over channels
///   val_rmse_NAME  of u10, t2m and z500, where the set has them, in their units;
///   val_acc_NAME   likewise
/// Throws    UsageError when the model makes no forecasts.
[[nodiscard]] std::unique_ptr<Task> forecast_task(const TaskSpec& spec);

}  // namespace gradwatt
