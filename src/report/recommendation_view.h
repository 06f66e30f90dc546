#pragma once

#include "analyze/carbon_footprint.h"
#include "analyze/grid.h"
#include "analyze/recommendation.h"

#include <string>

namespace gradwatt {

/// A recommendation as a report shows it. Plain values.
struct RecommendationView {
  std::string sweep;
  Grid grid;
  Recommendation recommendation;
  bool is_table = false;   ///< From elsewhere: there is no store and no sensor to look at.
  CarbonRates rates = {};  ///< What a saving avoids besides; none by default.
};

}  // namespace gradwatt
