#pragma once

#include "trace/sample.h"

#include <map>
#include <span>
#include <string>

namespace gradwatt {

/// One state of one device over a run.
struct StateSummary {
  double mean = 0;  ///< Over time, from when it was first known.
  double least = 0;
  double most = 0;
  double last = 0;
};

/// By device, then by the state's name.
using StateSummaries = std::map<std::string, std::map<std::string, StateSummary>>;

/// Sums up rows that tell when a value changed: each holds until the next one, the last to `end`.
/// Example: 60 at 0 s and 70 at 9 s of 10 s: mean 61, most 70.
[[nodiscard]] StateSummaries state_summaries(std::span<const StateRow> rows, Instant end);

}  // namespace gradwatt
