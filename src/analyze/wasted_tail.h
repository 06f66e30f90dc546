#pragma once

#include "analyze/table.h"

#include <optional>
#include <string>

namespace gradwatt {

/// How near to its best a run counts as done, in units of the metric: one percentage point of an
/// accuracy. For what has to be small it is 1 % of the best value.
inline constexpr double kNearlyBest = 0.01;

/// Energy that a run spent after it was nearly as good as it ever got:
///
///   E_tail = sum of E_k over the epochs after the first whose metric is within 0.01 of the best
///
/// Returns  nullopt when no epoch has the metric, or the energy of an epoch after it is not known.
/// Example  Epochs of 10 J with accuracies 0.5, 0.895, 0.9 and 0.88: 0.895 is within 0.01 of 0.9,
///          and the two epochs after it are 20 J of 40 J.
[[nodiscard]] std::optional<double> wasted_tail(const RunRow& run,
                                                const std::string& metric,
                                                bool smaller_is_better);

}  // namespace gradwatt
