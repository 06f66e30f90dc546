#pragma once

#include "experiment/sweep_plan.h"

#include <string>
#include <vector>

namespace gradwatt {

/// Under what name fresh runs of a sweep's setups are stored: they are a sweep of their own, so
/// that nothing that the sweep says is mixed with what confirms it.
/// Example  "quickstart" has "quickstart.fresh".
[[nodiscard]] std::string name_of_fresh(const std::string& sweep);

/// New repeats of some cells of a sweep, with seeds that the sweep itself did not use: repeat r of
/// them is the sweep's repeat `file.repeat` + r. The cells take turns, each second pass backwards,
/// so that a drift of the machine falls on all of them alike.
/// Throws  UsageError when a fixed value is given for each repeat and has none for the new ones.
/// Example  Cells a and b twice: a, b, b, a.
[[nodiscard]] std::vector<PlannedPoint> plan_fresh(const SweepFile& file,
                                                   const std::vector<std::vector<Factor>>& cells,
                                                   int repeats,
                                                   const std::string& trainer);

}  // namespace gradwatt
