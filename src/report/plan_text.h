#pragma once

#include "report/plan_view.h"

#include <string>

namespace gradwatt {

/// What `gradwatt plan` prints: the table, the setup to take, and what every number rests on, in
/// lines of at most 100 columns.
[[nodiscard]] std::string plan_text(const PlanView& view);

/// The same as JSON, schema 1 (docs/analysis.md).
[[nodiscard]] std::string plan_to_json(const PlanView& view);

}  // namespace gradwatt
