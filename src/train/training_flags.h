#pragma once

#include "train/training_plan.h"

#include <span>
#include <string_view>

namespace CLI {
class App;
}

namespace gradwatt {

/// Declares the flags of gradwatt-train on `app`; parsing writes into `plan`, whose values are the
/// defaults that help shows. Both must outlive the parsing.
void add_training_plan_flags(CLI::App& app, TrainingPlan& plan);

/// The headings under which help shows them.
[[nodiscard]] std::span<const std::string_view> flag_groups();

}  // namespace gradwatt
