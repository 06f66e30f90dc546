#pragma once

#include "train/training_plan.h"

namespace gradwatt {

struct FlagAdder;

/// Declares the flags of the learning rate's course and of the optimizers, under `group`; parsing
/// writes into `plan`.
void add_schedule_flags(const FlagAdder& flags, LearningRate& plan, const char* group);
void add_optimizer_flags(const FlagAdder& flags, OptimizerSpec& plan, const char* group);

}  // namespace gradwatt
