#pragma once

#include "train/training_plan.h"

namespace gradwatt {

struct FlagAdder;

/// Declares the flags of ImageNet's photographs under `group`; parsing writes into `plan`.
void add_photograph_flags(const FlagAdder& flags, DataPlan& plan, const char* group);

/// The number that "0.25" or "1/4" says. Throws CLI::ValidationError for a text that is none, or
/// not above 0 and at most 1.
[[nodiscard]] double share_of_text(const std::string& text);

}  // namespace gradwatt
