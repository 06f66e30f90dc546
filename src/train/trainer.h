#pragma once

#include "train/best_weights.h"
#include "train/examples.h"
#include "train/flat_parameters.h"
#include "train/loop_progress.h"
#include "train/optimizer.h"
#include "train/parallel/gradient_sync.h"
#include "train/score.h"
#include "train/step_profile.h"
#include "train/task.h"
#include "train/training_plan.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

class Comm;

struct EpochResult {
  int epoch = 0;
  double learning_rate = 0;          ///< Of the last step.
  std::optional<double> train_loss;  ///< Mean over the epoch's samples; none when not finite.
  Scores training;    ///< Of the training set after the epoch; empty: not asked for, or diverged.
  Scores validation;  ///< Empty when the training diverged.
  std::int64_t samples = 0;  ///< Trained in this process; fewer after a resume in mid-epoch.
  std::int64_t steps = 0;
  double train_s = 0;               ///< Time of the train phase.
  std::optional<double> starved_s;  ///< Of it, waiting for samples; absent: inputs are resident.
  /// Of it, by phase of the steps; empty unless the training is profiled.
  std::vector<std::pair<std::string, double>> profile_s;
};

enum class StopReason { all_epochs, reached, no_progress, diverged };

struct TrainingResult {
  StopReason reason = StopReason::all_epochs;
  int epochs = 0;                 ///< Epochs trained, those before a resume included.
  std::optional<int> best_epoch;  ///< By the monitored metric.
  std::optional<double> best;
  /// In the train phases of all epochs but the first, which warms up caches and memory; of the
  /// first when there is no other.
  double samples_per_s = 0;
  std::int64_t micro_batch = 0;     ///< Samples at a time at the end; 0: the whole batch.
  std::optional<double> starved_s;  ///< Sum over the epochs.
  double train_s = 0;               ///< Sum over the epochs.
};

/// What the loop needs beside the task and the examples.
struct TrainerOptions {
  LoopPlan loop;
  CheckpointPlan checkpoint;
  std::string device = "cpu";
  std::string phase = "train";  ///< The name of the training phase in marks.
  bool channels_last = true;
  std::string settings;  ///< What a checkpoint must agree with.
  Comm* comm = nullptr;  ///< With whom batches are shared; nullptr: alone.
  SyncOptions sync;
  bool profile = false;  ///< Mark the phases of each step.
};

/// The training loop, with marks for gradwatt at each epoch and phase.
///
/// Batches come from one order of all samples per epoch; the last one may be smaller. The same
/// plan and thread count give the same numbers on the same machine and libraries, also when a
/// training was interrupted and resumed.
///
/// With several ranks each computes its share of every global batch. The loss is the mean over the
/// global batch whatever the shares, and all ranks hold the same weights after every step.
class Trainer {
 public:
  /// Task and examples must outlive the trainer. The task is on its device.
  Trainer(TrainerOptions options, Task& task, Examples& train, Examples& validation);
  ~Trainer();
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// Trains to the end; `report` is called after each epoch. Leaves the best epoch's weights in the
  /// task, unless the plan says otherwise.
  TrainingResult run(const std::function<void(const EpochResult&)>& report);

 private:
  struct PartLoss;

  [[nodiscard]] std::optional<StopReason> begin_or_resume();
  void train_epoch(EpochResult& result);
  /// One optimizer step over `global_size` samples, of which `batch` is this rank's share.
  void step(const Batch& batch, std::int64_t global_size, at::Tensor& loss_sum);
  [[nodiscard]] std::vector<PartLoss> accumulate(const Batch& batch, std::int64_t global_size);
  [[nodiscard]] bool reduce_memory(const std::exception& error, std::int64_t size);
  void optimize(double learning_rate);
  void share_weights();
  void share_buffers();
  [[nodiscard]] double summed(const at::Tensor& local);
  [[nodiscard]] StopReason run_epochs(const std::function<void(const EpochResult&)>& report,
                                      TrainingResult& outcome);
  void evaluate(EpochResult& result);
  [[nodiscard]] std::optional<StopReason> judge(const EpochResult& result);
  void watch_plateau(const EpochResult& result);
  void save();

  TrainerOptions options_;
  std::unique_ptr<Comm> alone_;  ///< Where the options name nobody.
  Comm& comm_;
  StepProfile profile_;
  Task& task_;
  Examples& train_;
  Examples& validation_;
  std::unique_ptr<FlatParameters> parameters_;
  std::unique_ptr<GradientSync> sync_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<BestWeights> best_;
  EarlyStopping stopping_;
  LoopProgress progress_;
};

/// Seeds libtorch's generator, from which new networks draw their weights.
void seed_weights(std::uint64_t seed);

}  // namespace gradwatt
