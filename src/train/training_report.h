#pragma once

#include "train/trainer.h"
#include "train/training_plan.h"
#include "train/workloads/catalog.h"

#include <cstdint>
#include <string>

namespace gradwatt {

/// What a person reads on stdout while a workload trains, and the settings as marks.
class TrainingReport {
 public:
  /// `train_samples` as resolved. Both references must outlive the report.
  TrainingReport(const Workload& workload, const TrainingPlan& plan, std::int64_t train_samples)
      : workload_(workload), plan_(plan), train_samples_(train_samples) {}

  void begin(std::int64_t parameters) const;
  void epoch(const EpochResult& result) const;
  void end(const TrainingResult& result) const;

 private:
  void mark_settings() const;

  const Workload& workload_;
  const TrainingPlan& plan_;
  std::int64_t train_samples_;
};

/// One epoch's line.
/// Example   "epoch   3  train_loss 0.4012  val_loss 0.3900  val_acc 0.8612  50213 samples/s"
[[nodiscard]] std::string epoch_line(const EpochResult& result);

/// Why training ended, its best epoch and its speed.
/// Example   "stopped: val_acc reached 0.86 after 7 epochs\nbest val_acc 0.8612 in epoch 6 ..."
[[nodiscard]] std::string closing_lines(const TrainingResult& result, const StopRule& rule);

[[nodiscard]] std::string_view optimizer_name(OptimizerKind kind);
[[nodiscard]] std::string_view schedule_name(Schedule schedule);

}  // namespace gradwatt
