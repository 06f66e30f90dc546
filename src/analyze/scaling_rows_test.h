#pragma once

#include "analyze/parallel_paper.h"
#include "analyze/table.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

/// A run as a table has it. `job` empty: no factor.
inline RunRow scaling_run(const std::string& job,
                          double gpus,
                          double duration_s,
                          double energy_j,
                          std::optional<double> samples) {
  RunRow run;
  run.run = fmt::format("{}-{}", job, gpus);
  run.gpus = gpus;
  run.duration_s = duration_s;
  run.total_j = energy_j;
  run.samples = samples;
  if (!job.empty()) {
    run.factors = {{"job", job}};
  }
  return run;
}

/// MLPerf Training v4.0, HPC power logs of nodes with 8 H100: GPUs, seconds, energy of the nodes.
/// U-Net's samples are not printed: those on 72 GPUs are from its published efficiency, 0.742.
inline std::vector<RunRow> mlperf_runs() {
  constexpr double kMega = 1e6;
  constexpr double kUnet = 250000;
  return {scaling_run("llama", 8, 1687.9, 12.08 * kMega, 3072),
          scaling_run("llama", 64, 318.2, 14.81 * kMega, 3072),
          scaling_run("resnet", 8, 801.7, 5.65 * kMega, 35),
          scaling_run("resnet", 64, 152.6, 7.07 * kMega, 35),
          scaling_run("ssd", 8, 2170.8, 14.89 * kMega, 4),
          scaling_run("ssd", 64, 378.7, 18.27 * kMega, 4),
          scaling_run("unet", 8, 743, 5.35 * kMega, kUnet),
          scaling_run("unet", 72, 105, 6.06 * kMega, 0.742 * 9 * 105 / 743 * kUnet)};
}

/// Study 2's 18 rows, as a table of runs has them.
inline std::vector<RunRow> study2_runs(double gpus_max = 256) {
  std::vector<RunRow> runs;
  for (const PaperTraining& one : paper_trainings()) {
    if (one.training.devices > gpus_max) {
      continue;
    }
    RunRow run = scaling_run(
        "", one.training.devices, one.training.time_s, one.training.energy_j, one.training.samples);
    run.run += fmt::format("-{}", one.global_batch);
    run.nodes = static_cast<int>(one.training.nodes);
    run.global_batch = one.global_batch;
    run.local_batch = one.local_batch;
    run.updates = one.training.updates;
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace gradwatt
