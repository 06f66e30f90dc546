#pragma once

#include "report/parallel_view.h"

#include <string>

namespace gradwatt {

// The tables of study 2 as text for a terminal, with the published numbers below this machine's.
// Each ends in an empty line; "" where no series has what it shows.

/// A table per series: devices, batches, samples, energy, device hours, time, watts per device,
/// samples and updates per device hour, speed-up, efficiency and the last epoch's metric. Energies
/// in kWh and minutes, as the study has them, or where they are small in joules and seconds.
[[nodiscard]] std::string parallel_series_text(const ParallelView& view);

/// The metric by global batch, of series whose data set does not grow.
[[nodiscard]] std::string batch_results_text(const ParallelView& view);

/// Energy against device hours: the line through the origin, and how far each training is from it.
[[nodiscard]] std::string hour_lines_text(const ParallelView& view);

/// The energy model of each workload beside the published one, or why it cannot be fitted.
[[nodiscard]] std::string energy_models_text(const ParallelView& view);

}  // namespace gradwatt
