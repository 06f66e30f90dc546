#pragma once

#include "analyze/table.h"

#include <optional>

namespace gradwatt {

/// Share of a run's energy that was not training: outside epochs (start-up, loading, saving) and in
/// the phase "eval" of its epochs. nullopt when what lies outside or the total is not known.
/// Example  10 J outside and 5 J of evaluation, of 100 J: 0.15.
[[nodiscard]] std::optional<double> overhead_share(const RunRow& run);

/// Share of the time of a run's epochs in which training waited for data, from the metric
/// "starved_s" of its epochs. nullopt when no epoch has it.
/// Example  Epochs of 10 s that waited 4 s each: 0.4.
[[nodiscard]] std::optional<double> starved_share(const RunRow& run);

}  // namespace gradwatt
