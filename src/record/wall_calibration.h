#pragma once

#include "record/power_table.h"
#include "record/store.h"
#include "trace/meter_alignment.h"
#include "trace/wall_fit.h"

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

struct WallCalibration {
  std::optional<WallFit> fit;
  std::optional<MeterAlignment> alignment;
  std::size_t runs = 0;               ///< How many were used.
  std::vector<std::string> left_out;  ///< "RUN: why"
  std::string why_not;                ///< Without a fit.
};

/// Fits what a meter at the wall showed to the sum of the channels of runs that it watched.
///
/// The runs are laid on one time axis by when they began, that axis is aligned with the meter's
/// clock, and the mean powers of stretches of two seconds or two of the meter's steps, whichever is
/// longer, are the points of the fit. Runs whose totals are made of other channels than the first
/// one's are left out.
[[nodiscard]] WallCalibration calibrate_wall(std::vector<StoredRun> runs, const PowerTable& table);

}  // namespace gradwatt
