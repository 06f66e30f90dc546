#pragma once

#include "train/trainer.h"
#include "train/training_data.h"
#include "train/training_plan.h"
#include "train/workloads/catalog.h"

#include <string>

namespace gradwatt {

/// What a person reads on stdout while a workload trains, and the settings as marks.
class TrainingReport {
 public:
  /// The references must outlive the report.
  TrainingReport(const Workload& workload,
                 const TrainingPlan& plan,
                 const TrainingData& data,
                 int ranks)
      : workload_(workload), plan_(plan), data_(data), ranks_(ranks) {}

  void begin(Task& task) const;
  void epoch(const EpochResult& result) const;
  void end(const TrainingResult& result) const;

 private:
  void mark_settings(Task& task) const;
  void mark_input(const TrainingResult& result) const;

  const Workload& workload_;
  const TrainingPlan& plan_;
  const TrainingData& data_;
  int ranks_;
};

/// One epoch's line.
/// Example   "epoch   3  train_loss 0.4012  val_loss 0.3900  val_acc 0.8612  50213 samples/s"
[[nodiscard]] std::string epoch_line(const EpochResult& result);

/// Why training ended, its best epoch and its speed.
/// Example   "stopped: val_acc reached 0.86 after 7 epochs\nbest val_acc 0.8612 in epoch 6 ..."
[[nodiscard]] std::string closing_lines(const TrainingResult& result, const StopRule& rule);

/// Where the time of an epoch's steps went.
/// Example   "           data-wait 0.10 s (5 %)  forward 0.90 s (45 %)  backward 1.00 s (50 %)"
[[nodiscard]] std::string profile_line(const EpochResult& result);

/// The share of the training time that was spent waiting for samples, when it is above 2 %: the
/// data, not the model, decided the time and so the energy.
[[nodiscard]] std::optional<double> input_bound_share(const TrainingResult& result);

}  // namespace gradwatt
