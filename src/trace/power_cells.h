#pragma once

#include "trace/cumulative.h"

#include <optional>
#include <vector>

namespace gradwatt {

struct JouleInterval {
  double lo = 0;
  double hi = 0;
};

/// So many periods before and behind a window tell when the sensor renews.
inline constexpr int kPeriodsThatTell = 32;

/// What the values of a power sensor say of the energy in [begin, end) when each is the mean over a
/// window that ends at its renewal, and windows follow each other without a gap: the energy of
/// cells, from which only the two cells that the edges cut leave something open.
///
/// When the sensor renews is found from the changes between readings: on a regular grid of the
/// update period, a change seen between two readings says where in the period renewals can be. All
/// changes near the window must agree; the interval holds for every place that is left. Of a cell
/// of length L and energy e, a part of length o has consumed between
///   max(Pmin o, e - Pmax (L - o))   and   min(Pmax o, e - Pmin (L - o)).
/// Windows longer than the update period overlap: each chain of windows that meet gives an
/// interval, and the truth is in all of them.
///
/// nullopt where that does not apply: a sensor that does not look all the time, an unknown greatest
/// power, changes that do not lie on such a grid, or a window of more than a thousand periods, over
/// which no sensor's clock is that steady.
/// Source: derived here; see docs/measurement.md, "Power sensors". Example: 300 W, renewed every
/// 100 ms at most 700 W, from the middle of a cell to the middle of another: 30 J more or less.
[[nodiscard]] std::optional<JouleInterval> power_cells(const SensorModel& model,
                                                       const std::vector<ShownPower>& shown,
                                                       Instant begin,
                                                       Instant end);

}  // namespace gradwatt
