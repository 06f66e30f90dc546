#pragma once

#include "analyze/advice.h"
#include "analyze/recommendation.h"

#include <string>
#include <vector>

namespace gradwatt {

/// Ids of the runs of these setups.
[[nodiscard]] std::vector<std::string> runs_of(const Grid& grid,
                                               const std::vector<std::size_t>& setups);

/// The comparison with what the best setup is held against: the user's setup, else the worst.
[[nodiscard]] const SetupComparison& reference_of(const Recommendation& recommendation);

/// Which setup to use and which values of its axes make the difference, unless the user's is as
/// good already; which batch size to try, and which setups to drop. Takes a recommendation that
/// says use_best.
[[nodiscard]] std::vector<Advice> advice_on_setups(const Grid& grid,
                                                   const Recommendation& recommendation);

/// What the runs of the best setup spent beside training towards the goal: the tail after it,
/// start-up, evaluation and saving, waiting for data. Takes a recommendation with a best setup.
[[nodiscard]] std::vector<Advice> advice_on_runs(const Grid& grid,
                                                 const Recommendation& recommendation);

}  // namespace gradwatt
