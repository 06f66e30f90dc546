#pragma once

#include "analyze/scaling_models.h"

#include <string>
#include <vector>

namespace gradwatt {

/// What `gradwatt scale` found, as a report shows it. Plain values.
struct ScalingView {
  std::string source;  ///< The table's file, or what was selected.
  ScalingTable table;
  ScalingModels together;               ///< Of all setups.
  std::vector<ScalingModels> by_group;  ///< Of each group; empty where there is one.
  std::vector<JobLeftOut> jobs;
};

}  // namespace gradwatt
