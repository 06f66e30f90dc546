#pragma once

#include "analyze/table.h"

#include <string>
#include <vector>

namespace gradwatt {

/// A finished training whose epochs take `epoch_j` each and report these accuracies.
inline RunRow recorded_training(double epoch_j,
                                const std::vector<double>& accuracies,
                                double outside_j = 0) {
  RunRow run;
  run.run = "recorded";
  run.outside_epochs_j = outside_j;
  for (const double accuracy : accuracies) {
    EpochRow epoch;
    epoch.epoch = static_cast<int>(run.epochs.size());
    epoch.energy_j = epoch_j;
    epoch.metrics["val_acc"] = accuracy;
    run.epochs.push_back(epoch);
  }
  return run;
}

/// Accuracies that rise evenly to `top` in `epochs` and stay there until `length`.
inline std::vector<double> rising(double top, int epochs, int length) {
  std::vector<double> accuracies;
  for (int k = 1; k <= length; ++k) {
    accuracies.push_back(k >= epochs ? top : top * k / epochs);
  }
  return accuracies;
}

}  // namespace gradwatt
