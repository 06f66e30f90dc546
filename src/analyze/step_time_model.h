#pragma once

#include <span>
#include <vector>

namespace gradwatt {

/// Epochs of a data-parallel training as far as their time is concerned.
struct EpochWork {
  double steps = 0;               ///< Optimizer steps of an epoch.
  double samples_per_device = 0;  ///< In an epoch.
  double time_s = 0;              ///< Of an epoch; not looked at when predicting.
};

/// The time of an epoch:
///
///   t = t_epoch + t_step * steps + t_sample * samples / devices
///
/// t_epoch stands for what each epoch costs however long it is (workers that start, a validation),
/// t_step for what each step costs however large its batch is (launches, the gradients' exchange).
struct StepTimeModel {
  double epoch_s = 0;
  double step_s = 0;
  double sample_s = 0;
  double mean_error = 0;  ///< Mean of |fitted - t| / t.
  double error_max = 0;

  [[nodiscard]] double time_s(const EpochWork& work) const;
};

/// Fits relative errors by least squares with coefficients that are not negative.
/// Takes    at least three epochs that differ in steps and samples.
/// Example  Study 2's 17 trainings: 3.95 s, 12.6 ms and 2.22 ms; mean error 3.3 %, 6.5 % at most.
[[nodiscard]] StepTimeModel fit_step_time(std::span<const EpochWork> epochs);

/// One epoch of each of study 2's distinct trainings.
[[nodiscard]] std::vector<EpochWork> paper_epochs();

}  // namespace gradwatt
