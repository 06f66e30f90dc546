#pragma once

#include "analyze/parallel_series.h"

#include <string>
#include <vector>

namespace gradwatt {

/// A run of `ranks` ranks with two equal epochs that trained as `training` says, its axes and what
/// it tells of itself as gradwatt-train does.
inline RunRow parallel_run(const ParallelTraining& training,
                           double global_batch,
                           std::optional<double> metric = std::nullopt,
                           int repeat = 0) {
  const auto text = [](double number) { return std::to_string(static_cast<int>(number)); };
  RunRow run;
  run.run = text(training.devices) + "/" + text(global_batch) + "/" + std::to_string(repeat);
  run.factors = {{"ranks", text(training.devices)}};
  run.repeat = repeat;
  run.params = {{"ranks", text(training.devices)},
                {"global_batch", text(global_batch)},
                {"local_batch", text(global_batch / training.devices)}};
  run.nodes = static_cast<int>(training.nodes);
  for (int epoch = 0; epoch < 2; ++epoch) {
    EpochRow row{epoch, training.energy_j / 2, training.time_s / 2, {}, true, std::nullopt};
    row.samples = training.samples / 2;
    row.steps = training.updates / 2;
    if (metric) {
      row.metrics["val_acc"] = *metric;
    }
    run.epochs.push_back(row);
  }
  return run;
}

}  // namespace gradwatt
