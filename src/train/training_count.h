#pragma once

#include "train/training_plan.h"

#include <cstdint>

namespace gradwatt {

/// How many of `available` samples to train on, once validation has got its own.
/// Throws   UsageError when that is less than one, or fewer than asked for.
[[nodiscard]] std::int64_t training_count(const DataPlan& plan, std::int64_t available);

}  // namespace gradwatt
