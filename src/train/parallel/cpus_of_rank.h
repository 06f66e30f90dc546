#pragma once

#include "train/parallel/place.h"

namespace gradwatt {

/// Processors for each of the ranks that share a node: Slurm's SLURM_CPUS_PER_TASK, else an equal
/// part of the `available` ones, at least 1.
[[nodiscard]] int cpus_of_rank(int available, const Place& place, const Environment& environment);

}  // namespace gradwatt
