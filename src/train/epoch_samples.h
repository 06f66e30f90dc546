#pragma once

#include "train/training_plan.h"

#include <cstdint>

namespace gradwatt {

/// In how many goes a rank computes its share of a step of `samples`, with `at_once` in each at
/// most: as many on every rank, because normalisations over all ranks wait for each other.
[[nodiscard]] int goes_of(std::int64_t samples, std::int64_t at_once, int ranks);

/// The samples that an epoch trains on, of `count`: all, unless
/// - the same number for each rank is asked for: floor(count / ranks) * ranks, as torch's
///   DistributedSampler(drop_last) does;
/// - the network has normalisations and the last batch, unlike the others, does not give each of
///   them two samples, or to one over all ranks a sample of each: that batch is left out.
[[nodiscard]] std::int64_t epoch_samples(const LoopPlan& loop,
                                         std::int64_t count,
                                         int ranks,
                                         bool has_norms);

}  // namespace gradwatt
