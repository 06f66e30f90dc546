#pragma once

#include "analyze/energy_model.h"
#include "analyze/hour_fit.h"
#include "analyze/scaling_setup.h"
#include "analyze/two_state_model.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// The models of what a training on many GPUs takes, the simplest first.
enum class ScalingKind { constant_power, power_and_offset, two_state, rates };

[[nodiscard]] const char* name_of(ScalingKind kind);

/// All models of one job's setups, and which of them to believe.
struct ScalingModels {
  int setups = 0;
  std::optional<HourFit> constant_power;    ///< E = c H.
  std::optional<HourFit> power_and_offset;  ///< E = c H + d.
  std::optional<TwoStateModel> two_state;
  std::optional<EnergyModel> rates;           ///< Per device, node, sample and update.
  std::optional<FitQuality> rates_quality;    ///< Of energies, as the others'.
  std::map<ScalingKind, std::string> absent;  ///< Why a model is not fitted.
  std::optional<ScalingKind> chosen;
  bool is_tested = false;  ///< Chosen by what setups left out say; else there are too few.

  /// nullptr: not fitted.
  [[nodiscard]] const FitQuality* quality(ScalingKind kind) const;
  [[nodiscard]] int coefficients(ScalingKind kind) const;
};

/// Fewer setups test nothing: left one out, every model has one point to go through.
inline constexpr int kLeastTested = 3;

/// Fits every model that the setups allow and chooses that which misses setups it has not seen by
/// the least on average. Models within a twentieth of that are equal, and the one with the fewest
/// coefficients is chosen. With fewer than kLeastTested setups: two states, else constant power.
///
/// Takes    setups: of one job.
/// Example  Study 2's 17: constant power misses setups left out by 12 %, the rates by 1.4 %.
[[nodiscard]] ScalingModels fit_scaling_models(std::span<const ScalingSetup> setups);

/// The same of the setups of several jobs, without the two states: each job has its own reference.
[[nodiscard]] ScalingModels fit_models_over_jobs(std::span<const ScalingSetup> setups);

/// What the model gives for work: its time, devices, nodes, samples and updates.
struct ScalingForecast {
  double energy_j = 0;
  /// Half the width of the 95 % interval over the energy, the work's time being right. Absent: no
  /// setup to spare.
  std::optional<double> half_width;
  double of_time = 0;  ///< d ln E / d ln t: 1 where all energy goes with time.
};

/// Takes  kind: a model that was fitted.
[[nodiscard]] ScalingForecast scaling_forecast(const ScalingModels& models,
                                               ScalingKind kind,
                                               const ParallelTraining& work);

/// A job whose energy is told from other jobs' two states, as a test of them.
struct JobLeftOut {
  std::size_t group = 0;       ///< In the table.
  double waiting_share = 0;    ///< The job's own.
  double given_share = 0;      ///< The mean of the other jobs'.
  double two_state_error = 0;  ///< (model - measured) / measured at the most GPUs.
  double constant_error = 0;   ///< The same for constant watts: the reference's.
  double gpus = 0;             ///< Of the setup that the errors are about: the most.
  double reference_gpus = 0;
};

/// One entry for each job that has two states; empty unless two jobs have.
/// Example  MLPerf's LLaMA, ResNet, SSD and U-Net on 64 or 72 against 8 GPUs: +4, +2, -2 and -2 %
///          by two states, +23, +22, +14 and +12 % by constant watts.
[[nodiscard]] std::vector<JobLeftOut> jobs_left_out(const ScalingTable& table);

}  // namespace gradwatt
