#pragma once

#include "report/scaling_view.h"

#include <string>

namespace gradwatt {

/// What `gradwatt scale` prints: the models compared, what the best one says, and what could not be
/// told, in lines of at most 100 columns.
[[nodiscard]] std::string scaling_text(const ScalingView& view);

/// The same as JSON, schema 1 (docs/analysis.md).
[[nodiscard]] std::string scaling_to_json(const ScalingView& view);

}  // namespace gradwatt
