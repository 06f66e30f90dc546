#pragma once

#include "train/training_plan.h"
#include "train/workloads/catalog.h"

#include <functional>
#include <string>
#include <string_view>

namespace gradwatt {

/// Calls `take` with the name and the value of each setting that shapes the training: what is
/// marked as PARAM, and what a checkpoint has to agree with.
void each_setting(const Workload& workload,
                  const TrainingPlan& plan,
                  const std::function<void(std::string_view, const std::string&)>& take);

/// The settings as lines "name=value". How long a training may go on is not among them, unless the
/// learning rate depends on it.
[[nodiscard]] std::string settings_text(const Workload& workload, const TrainingPlan& plan);

[[nodiscard]] std::string_view optimizer_name(OptimizerKind kind);
[[nodiscard]] std::string_view schedule_name(Schedule schedule);

}  // namespace gradwatt
