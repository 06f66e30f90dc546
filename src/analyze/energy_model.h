#pragma once

#include "analyze/log_interval.h"
#include "analyze/nonnegative_model.h"
#include "analyze/scaling_rates.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// What a data-parallel training draws power for, in the order in which models grow.
enum class EnergyTerm { device, node, sample, update };

inline constexpr std::array kEnergyTerms{
    EnergyTerm::device, EnergyTerm::node, EnergyTerm::sample, EnergyTerm::update};

[[nodiscard]] const char* name_of(EnergyTerm term);

/// A term's coefficient: watts per device, watts per node, joules per sample, joules per device's
/// step.
struct EnergyCoefficient {
  EnergyTerm term = EnergyTerm::device;
  double value = 0;
  /// 95 %, given that the model is right; absent: at its bound 0, or no row to spare.
  std::optional<Interval> interval;
  /// By how much its variance is inflated by the other terms; absent for the constant.
  std::optional<double> inflation;
};

/// A term that the rows cannot tell from the others, with the reason.
struct TermLeftOut {
  EnergyTerm term = EnergyTerm::node;
  std::string why;
};

/// The mean power per device of data-parallel trainings:
///
///   W = P_device + P_node * nodes / devices + c_s * samples / H + c_u * devices * updates / H
///
/// with H the device hours, which is the energy divided by them:
/// E = P_device * devices * t + P_node * nodes * t + c_s * samples + c_u * devices * updates.
struct EnergyModel {
  std::vector<EnergyCoefficient> coefficients;
  std::vector<TermLeftOut> left_out;
  int rows = 0;
  std::optional<double> r2;  ///< Of W. Absent: the rows draw the same power, or one row.
  double mean_error = 0;     ///< Mean of |W fitted - W| / W.
  /// The same for each row by a model that has not seen it: mean and largest. Absent: with a row
  /// less the terms could not be told apart.
  std::optional<double> left_out_error;
  std::optional<double> left_out_error_max;

  NonnegativeModel fit;  ///< Behind the coefficients, in watts.

  [[nodiscard]] const EnergyCoefficient* coefficient(EnergyTerm term) const;
  /// W of a training whose rates are known; its energy is not looked at.
  [[nodiscard]] double power_per_device_w(const ParallelTraining& training) const;
  /// The part of W that a term makes up; 0 for a term that the model does not have.
  [[nodiscard]] double share(EnergyTerm term, const ParallelTraining& training) const;
  /// Half the width of the 95 % interval of W. Absent: no row to spare.
  [[nodiscard]] std::optional<double> half_width_w(const ParallelTraining& training) const;
};

/// Fits the terms to rows by least squares with coefficients that are not negative.
///
/// Intervals are Student's, from the covariance of the terms that are above 0, cut at 0.
///
/// Takes    at least one row, at least one term.
/// Example  Huber et al.'s 17 trainings of ResNet50 on A100 give 70.1 W per GPU, 216 W per node,
///          0.449 J per sample, 1.78 J per device step; R2 0.9966, mean error 0.88 %, 1.37 % for
///          rows left out (7.5 % at most).
[[nodiscard]] EnergyModel fit_energy_model(std::span<const ParallelTraining> rows,
                                           std::span<const EnergyTerm> terms);

/// The model with all terms that the rows can tell apart. A term stays out, with the reason, where
/// its input does not vary, where it varies with those before it (its variance would be inflated
/// more than tenfold: Marquardt, Technometrics 12(3):591, 1970), and where there would be fewer
/// than two rows more than terms. nullopt for fewer than three rows.
/// Takes    known: the terms whose inputs the rows have, in the order of kEnergyTerms.
/// Example  With one local batch size, updates per device hour vary with samples per device hour.
[[nodiscard]] std::optional<EnergyModel> identifiable_energy_model(
    std::span<const ParallelTraining> rows, std::span<const EnergyTerm> known = kEnergyTerms);

/// Fits with one term more each time, from the constant alone to all that `full` has.
[[nodiscard]] std::vector<EnergyModel> nested_energy_models(std::span<const ParallelTraining> rows,
                                                            const EnergyModel& full);

}  // namespace gradwatt
