#pragma once

#include "analyze/goal.h"
#include "analyze/scaling_plan.h"
#include "analyze/table.h"

#include <optional>
#include <span>
#include <string>

namespace gradwatt {

/// How many samples a goal takes by batch, as far as runs tell.
struct DemandFound {
  std::optional<BatchDemand> demand;  ///< Absent: no run reached the goal.
  std::string why;                    ///< What it rests on, or what is lacking; a sentence's end.
};

/// Fits N(B) = N_min (1 + B / B_crit) (critical_batch.h) to the samples that runs needed, in the
/// mean of each batch's runs.
///
/// A run needed the samples up to and including the first epoch that reaches the goal; without
/// epochs, all of its samples, when its metric or its column `reached` says that it did.
///
/// Takes    line: the goal. Absent: the column `reached` alone decides.
/// A batch at which finished runs tell of the goal and none reached it is named, and taken for no
/// more than that: how many samples it would have needed is not known.
///
/// Returns  with fewer than three batches the mean of what was needed, the same for each batch.
/// Example  10, 12, 16 and 24 million samples with batches of 256, 512, 1024 and 2048: 8 million,
///          and twice that with a batch of 1024.
[[nodiscard]] DemandFound batch_demand(std::span<const RunRow> runs,
                                       const std::optional<GoalLine>& line);

}  // namespace gradwatt
