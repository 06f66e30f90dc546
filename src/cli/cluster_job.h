#pragma once

#include "experiment/sweep_file.h"
#include "record/store.h"
#include "simulate/cluster_run.h"

#include <cstdint>
#include <string>

namespace gradwatt {

/// A training of ResNet50 on a simulated cluster as study 2 had one: nodes of four GPUs.
struct ClusterJob {
  int gpus = 1;
  int local_batch = 256;
  int global_batch = 256;
  double dataset_share = 1;  ///< Of ImageNet.
  int epochs = 100;
  std::uint64_t seed = 1;
};

/// Its run. The time of an epoch and the powers are those of models fitted to the published rows
/// (analyze/step_time_model.h, analyze/energy_model.h); by chance a run's power varies by 1 %, its
/// time by 0.5 % and each device's power in each epoch by 0.5 %, as the study's repeats did. One on
/// all of ImageNet has an accuracy by analyze/large_batch_error.h, give or take 0.1 %; others have
/// none. Throws UsageError when there is no sample for each GPU.
/// Example  256 GPUs with 256 samples each: 20 steps of an epoch, 15.3 s, 64 nodes.
[[nodiscard]] ClusterRun cluster_run_of(const ClusterJob& job);

/// Simulates the points of a sweep that the store does not have as done. Returns how many.
int simulate_sweep(const SweepFile& sweep, const Store& store);

}  // namespace gradwatt
