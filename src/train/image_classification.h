#pragma once

#include "train/training_plan.h"
#include "train/workloads/catalog.h"

namespace gradwatt {

/// Trains the workload's model to name the classes of its data set's images: loads, splits, trains
/// with early stopping, and on request scores the test part. Prints to stdout, marks for gradwatt.
/// Throws Error when data, device or sizes do not fit.
void classify_images(const Workload& workload, const TrainingPlan& plan);

}  // namespace gradwatt
