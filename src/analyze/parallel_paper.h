#pragma once

#include "analyze/scaling_rates.h"

#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// A training that study 2 published: the mean of five.
struct PaperTraining {
  std::string series;  ///< "global" (256), "large" (8192) or "local" (256): what stays the same.
  int local_batch = 0;
  int global_batch = 0;
  double samples_per_epoch = 0;
  ParallelTraining training;      ///< 100 epochs.
  double energy_deviation_j = 0;  ///< Population standard deviation of the five.
  double device_hours_deviation = 0;
};

inline constexpr int kPaperEpochs = 100;
inline constexpr int kPaperDevicesPerNode = 4;
/// Images of ImageNet's training part.
inline constexpr double kImagenetImages = 1281167;

/// ResNet50 on a part of ImageNet that grows with the GPUs, three series of 5, 4 and 9 trainings.
[[nodiscard]] std::vector<PaperTraining> paper_trainings();

/// Its rows for analyses, without the training that two series share a second time: 17.
[[nodiscard]] std::vector<ParallelTraining> distinct_paper_trainings();

}  // namespace gradwatt
