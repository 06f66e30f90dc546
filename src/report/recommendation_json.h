#pragma once

#include "report/recommendation_view.h"

#include <string>

namespace gradwatt {

/// A recommendation as JSON, schema version 1; docs/analysis.md lists the fields. Energies in
/// joules. What is not known is null.
[[nodiscard]] std::string recommendation_to_json(const RecommendationView& view);

}  // namespace gradwatt
