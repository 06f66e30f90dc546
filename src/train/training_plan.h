#pragma once

#include "train/early_stopping.h"
#include "train/learning_rate.h"
#include "train/optimizer.h"

#include <cstdint>
#include <optional>
#include <string>

namespace gradwatt {

struct DataPlan {
  std::string folder;                         ///< Empty: the data set's default folder.
  std::optional<std::int64_t> train_samples;  ///< None: all that validation leaves.
  std::int64_t val_samples = 5000;  ///< Taken from the training part, never the test part.
  std::uint64_t seed = 0;           ///< Chooses the images; not the weights or batches.
};

/// The loop over epochs. Each part below gets what it needs of it, no more.
struct LoopPlan {
  std::int64_t batch = 256;
  int max_epochs = 20;
  OptimizerSpec optimizer;
  LearningRate learning_rate;
  StopRule stop;
  std::uint64_t seed = 0;  ///< Of the initial weights and the order of the batches.
};

struct MachinePlan {
  std::string device = "cpu";
  int threads = 1;
  int blas_threads = 1;
};

/// Everything a workload's command line can set.
struct TrainingPlan {
  DataPlan data;
  LoopPlan loop;
  MachinePlan machine;
  bool test = false;   ///< Score the best epoch's weights on the test part at the end.
  bool quiet = false;  ///< No line per epoch.
};

}  // namespace gradwatt
