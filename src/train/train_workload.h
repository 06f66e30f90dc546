#pragma once

#include "train/training_plan.h"
#include "train/workloads/catalog.h"

namespace gradwatt {

/// Trains: loads and splits the data, makes the networks, trains with early stopping, saves what
/// the plan asks for and on request scores the test part. Prints to stdout, marks for gradwatt.
/// Throws Error when data, weights, device or sizes do not fit.
void train_workload(const Workload& workload, const TrainingPlan& plan);

}  // namespace gradwatt
