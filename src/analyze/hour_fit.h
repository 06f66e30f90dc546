#pragma once

#include "analyze/fit_quality.h"
#include "analyze/log_interval.h"
#include "analyze/scaling_rates.h"

#include <optional>
#include <span>

namespace gradwatt {

/// Energy as a straight line over device hours, E = c H or E = c H + d.
struct HourFit {
  double power_w = 0;                      ///< c: watts for each device, as long as it is reserved.
  std::optional<Interval> power_interval;  ///< 95 %. Absent: no row to spare.
  std::optional<double> offset_j;          ///< d. Absent: the line goes through the origin.
  std::optional<Interval> offset_interval;
  FitQuality quality;  ///< Of E.

  [[nodiscard]] double energy_j(double device_hours) const;
};

/// Fits by least squares. Intervals allow for errors that grow with the energy (HC3: residuals
/// over 1 - leverage), with Student's t.
///
///   c = sum(E H) / sum(H²)     through the origin
///
/// Returns  nullopt without a row, or with the offset for fewer than two different H.
/// Source   MacKinnon and White, J. Econometrics 29(3):305, 1985.
/// Example  1 and 2 h of a device with 100 and 220 W h: 108 W; with an offset 120 W and -20 W h.
[[nodiscard]] std::optional<HourFit> fit_hours(std::span<const ParallelTraining> rows,
                                               bool with_offset);

}  // namespace gradwatt
