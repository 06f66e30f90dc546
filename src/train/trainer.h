#pragma once

#include "train/network.h"
#include "train/resident_images.h"
#include "train/training_plan.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace gradwatt {

/// How good the network was on a set: its mean cross-entropy and the share it classified right.
struct Score {
  double loss = 0;
  double accuracy = 0;
};

struct EpochResult {
  int epoch = 0;
  double learning_rate = 0;          ///< Of the last step.
  std::optional<double> train_loss;  ///< Mean over the epoch's samples; none when not finite.
  std::optional<Score> validation;   ///< None when the training diverged.
  std::int64_t samples = 0;
  std::int64_t steps = 0;
  double train_s = 0;  ///< Time of the train phase.
};

enum class StopReason { all_epochs, reached, no_progress, diverged };

struct TrainingResult {
  StopReason reason = StopReason::all_epochs;
  int epochs = 0;                 ///< Epochs trained.
  std::optional<int> best_epoch;  ///< By the monitored metric.
  std::optional<double> best;
  /// In the train phases of all epochs but the first, which warms up caches and memory; of the
  /// first when there is no other.
  double samples_per_s = 0;
};

/// The training loop for classification, with marks for gradwatt at each epoch and phase.
///
/// Batches come from one order of all samples per epoch; the last one may be smaller. The same
/// plan and thread count give the same numbers on the same machine and libraries.
class Trainer {
 public:
  /// The network and the images must outlive the trainer.
  Trainer(const LoopPlan& plan,
          Network& network,
          const ResidentImages& train,
          const ResidentImages& validation);
  ~Trainer();
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// Trains to the end; `report` is called after each epoch. Leaves the best epoch's weights in
  /// the network.
  TrainingResult run(const std::function<void(const EpochResult&)>& report);

 private:
  void train_epoch(EpochResult& result);

  LoopPlan plan_;
  Network& network_;
  const ResidentImages& train_;
  const ResidentImages& validation_;
  std::unique_ptr<FlatParameters> parameters_;
  std::unique_ptr<Optimizer> optimizer_;
};

/// The network's score on `images`, in batches of 1024 whatever the training's batch is.
[[nodiscard]] Score score(Network& network, const ResidentImages& images);

/// Seeds libtorch's generator, from which new networks draw their weights.
void seed_weights(std::uint64_t seed);

}  // namespace gradwatt
