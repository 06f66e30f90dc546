#pragma once

#include "analyze/grid.h"
#include "analyze/recommendation.h"

#include <string>

namespace gradwatt {

/// A recommendation as a report shows it. Plain values.
struct RecommendationView {
  std::string sweep;
  Grid grid;
  Recommendation recommendation;
};

}  // namespace gradwatt
