#pragma once

#include "analyze/log_interval.h"
#include "analyze/scaling_rates.h"

#include <optional>
#include <span>

namespace gradwatt {

/// How well energy is proportional to device hours.
struct GpuHourLine {
  double power_w = 0;     ///< c of E = c * H, by least squares.
  double r2 = 0;          ///< Of E around its mean.
  double mean_error = 0;  ///< Mean of |c H - E| / E.
  double error_max = 0;
  double slope = 0;         ///< d ln E / d ln H: 1 is proportional.
  Interval slope_interval;  ///< 95 %.
  int rows = 0;
};

/// Fits E = c * H, and a straight line to the logarithms.
///
///   c = sum(E H) / sum(H^2)
///
/// A large R2 says little where energies differ a thousandfold, so the errors stand beside it.
///
/// Returns  nullopt for fewer than three rows, or when device hours differ less than twofold.
/// Example  Study 2's 13 trainings on full nodes: 283.5 W, R2 0.994, mean error 5.6 %, slope 1.016.
[[nodiscard]] std::optional<GpuHourLine> gpu_hour_line(std::span<const ParallelTraining> rows);

}  // namespace gradwatt
