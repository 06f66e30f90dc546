#pragma once

#include "analyze/scaling_setup.h"

#include <string>
#include <variant>

namespace gradwatt {

/// Why a run cannot stand in a table of scaling.
enum class ScalingGap { not_finished, no_energy, no_gpus, no_time };

/// As the end of a sentence: "no energy is known".
[[nodiscard]] std::string gap_words(ScalingGap gap);

/// One run as a setup of its own, with derived numbers filled in; or what it lacks.
/// Example  No gpu_hours, 4 GPUs, 1800 s: 2 GPU hours.
[[nodiscard]] std::variant<ScalingSetup, ScalingGap> scaling_setup_of(const RunRow& run);

/// Whether a factor says how large a run was, not which job it did: GPUs, nodes, batches and what
/// goes with them.
/// Example  "gpus", "local_batch", "seed" and "lr" do; "model" does not.
[[nodiscard]] bool is_size_factor(const std::string& name);

}  // namespace gradwatt
