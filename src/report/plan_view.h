#pragma once

#include "analyze/scaling_plan.h"

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// What `gradwatt plan` found, as a report shows it. Plain values.
struct PlanView {
  std::string source;  ///< The table's file, or what was selected.
  PlanRequest request;
  ScalingPlan plan;
  int runs = 0;
  int setups = 0;  ///< Measured.
  bool estimated = false;
  std::string goal;        ///< "val_acc>=0.9"; empty: none.
  std::string demand_why;  ///< How the samples for the goal are known, or why not.
  std::vector<std::string> notes;
};

}  // namespace gradwatt
