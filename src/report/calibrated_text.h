#pragma once

#include "report/run_view.h"

#include <string>

namespace gradwatt {

/// An energy and its bounds: "1.00 kJ [980 J, 1.02 kJ]".
[[nodiscard]] std::string with_interval(const BoundedEnergy& energy);

/// The lines beside a run's energy that need a calibration or a meter: what it added to an idle
/// machine, what the wall would have shown, what meters did show. Empty where nothing is known.
/// Never takes the place of the energy itself.
[[nodiscard]] std::string calibrated_text(const RunView& run);

/// Temperatures and power limits of the devices, one line each; empty where none were noted.
[[nodiscard]] std::string devices_text(const RunView& run);

}  // namespace gradwatt
