#pragma once

#include "report/recommendation_view.h"

#include <string>

namespace gradwatt {

/// A recommendation for a terminal: the tables, what to use, why, and what to do next.
[[nodiscard]] std::string recommendation_text(const RecommendationView& view);

}  // namespace gradwatt
