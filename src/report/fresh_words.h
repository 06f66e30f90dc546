#pragma once

#include "report/recommendation_view.h"

#include <string>

namespace gradwatt {

/// Where fresh runs chose another setup than the sweep's own runs: "fresh runs contradict the
/// sweep: batch 256, its cheapest, likely costs 10 % [5, 15] more energy than batch 64". Without
/// the evidence.
/// Takes  a recommendation with `overruled`.
[[nodiscard]] std::string overruled_words(const RecommendationView& view);

/// What a setup that was run afresh is beside the best: "the second of the sweep".
[[nodiscard]] std::string fresh_role(const Recommendation& recommendation,
                                     const SetupComparison& comparison);

}  // namespace gradwatt
