#pragma once

#include "analyze/scaling_setup.h"

#include <optional>
#include <span>
#include <vector>

namespace gradwatt {

/// How fast a setup is against the one with the fewest GPUs.
struct ScalingEfficiency {
  double samples_per_s = 0;  ///< X, by all GPUs together.
  double speed_up = 1;       ///< S = X_n / X_1
  double efficiency = 1;     ///< S over the ratio of GPUs.
  double sample_j = 0;       ///< Energy of a sample.
};

/// One for each setup; nullopt where GPUs, samples or time are not known, or the reference's are
/// not. The reference is the first with the fewest GPUs.
/// Example  1000 samples in 10 s on 1 GPU, in 4 s on 4: 2.5 times as fast, efficiency 0.625.
[[nodiscard]] std::vector<std::optional<ScalingEfficiency>> scaling_efficiencies(
    std::span<const ScalingSetup> setups);

}  // namespace gradwatt
