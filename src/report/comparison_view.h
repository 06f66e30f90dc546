#pragma once

#include "analyze/environment_difference.h"
#include "analyze/fail_condition.h"
#include "analyze/run_comparison.h"

#include <string>
#include <vector>

namespace gradwatt {

/// A condition and what became of it for each side but the first.
struct JudgedCondition {
  FailCondition condition;
  std::vector<ConditionOutcome> outcomes;
};

/// A comparison as a report shows it. Plain values.
struct ComparisonView {
  std::string by;  ///< The factor that made the sides; empty: each was named.
  RunComparison comparison;
  ComparisonPlan plan;
  std::vector<EnvironmentDifference> differences;  ///< That did not forbid it, or were allowed.
  std::vector<JudgedCondition> conditions;
  std::vector<std::string> metrics_there;  ///< Metrics that the runs have.
};

}  // namespace gradwatt
