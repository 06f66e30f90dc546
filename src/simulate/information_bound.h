#pragma once

#include "plant/sensor.h"
#include "simulate/simulated_run.h"

namespace gradwatt {

/// The width in joules of the narrowest interval for the energy of `window` that is consistent with
/// every value the sensor shows up to `seen_until`, if the instants of all its renewals and all its
/// values were known exactly. No way of measuring with this sensor can promise less.
///
/// A sensor tells the energy of cells: from renewal to renewal for a counter, the window of each
/// value for a power sensor (means that overlap: one in every so many, whichever chain of them is
/// best). Of a cell of length L and energy e, a part of length o has consumed between
///   max(Pmin o, e - Pmax (L - o))   and   min(Pmax o, e - Pmin (L - o)).
/// Time outside all cells is unseen: Pmin to Pmax. A counter adds its quantum at both ends, a power
/// sensor its quantum in each cell; a scale that is known to within g adds 2 g E.
///
/// Example: 300 W into a counter renewed every 100 ms, Pmax 700 W, Pmin 0, a window that begins and
/// ends in the middle of two cells of 30 J: each end is uncertain by 30 J (0 to 30), together 60 J.
/// Source: derived here; see docs/measurement.md.
[[nodiscard]] double information_bound(const Signal& signal,
                                       const PlantSensor& sensor,
                                       const PlantLimits& limits,
                                       const TrueWindow& window,
                                       Duration seen_until);

}  // namespace gradwatt
