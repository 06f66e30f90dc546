#pragma once

#include "train/training_metric.h"

#include <optional>

namespace gradwatt {

struct StopRule {
  Metric monitor = Metric::val_acc;
  std::optional<int> patience = 5;  ///< Epochs without progress that end the training; none: never.
  double min_delta = 0;             ///< Progress is a change by more than this.
  std::optional<double> stop_at;    ///< End as soon as the monitor is this good.
};

/// Decides after each epoch whether training goes on.
///
/// Progress means better than the best value so far by more than min_delta; the count of epochs
/// without progress starts again with each. Better is higher for accuracies, lower for losses.
/// Example   val_acc, patience 2, min_delta 0.01: after 0.50 0.60 0.605 0.609 it stops, since the
///           last two are within 0.01 of 0.60; the best epoch is the fourth, 0.609.
class EarlyStopping {
 public:
  enum class Verdict { go_on, reached, no_progress };

  explicit EarlyStopping(StopRule rule) : rule_(rule) {}

  /// Takes the monitor's finite value of the next epoch.
  [[nodiscard]] Verdict judge(int epoch, double value);

  /// True when the last judged epoch is the best so far.
  [[nodiscard]] bool is_best() const { return is_best_; }
  /// What it remembers between epochs, to be saved and restored.
  struct Memory {
    std::optional<double> best;
    std::optional<int> best_epoch;
    std::optional<double> bar;  ///< The value that counts as the last progress.
    int epochs_without_progress = 0;
  };
  [[nodiscard]] const Memory& memory() const { return memory_; }
  void restore(const Memory& memory) { memory_ = memory; }

 private:
  StopRule rule_;
  Memory memory_;
  bool is_best_ = false;
};

}  // namespace gradwatt
