#pragma once

#include "train/training_plan.h"
#include "train/workloads/catalog.h"

namespace gradwatt {

class Comm;
struct Place;

/// Trains: loads and splits the data, makes the networks, trains with early stopping, saves what
/// the plan asks for and on request scores the test part. Prints to stdout, marks for gradwatt.
/// Throws Error when data, weights, device or sizes do not fit.
/// Takes   a plan whose batches are split (split_batch), and the ranks that train together: `comm`
///         with the place of this one, which decides its device.
void train_workload(const Workload& workload,
                    const TrainingPlan& plan,
                    const Place& place,
                    Comm& comm);

}  // namespace gradwatt
