#pragma once

#include "train/training_plan.h"
#include "train/workloads/catalog.h"

#include <string>
#include <vector>

namespace gradwatt {

/// Trains a workload with the ranks that the plan or a launcher asks for; rank 0 prints and marks.
/// Takes     `arguments`, to start further ranks with.
/// Returns   the exit status of the ranks that were started here, else 0.
/// Throws    Error when this rank fails; the others are told why.
[[nodiscard]] int train_together(const Workload& workload,
                                 const TrainingPlan& plan,
                                 const std::vector<std::string>& arguments);

}  // namespace gradwatt
