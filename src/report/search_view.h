#pragma once

#include "analyze/fresh_contrast.h"
#include "analyze/replay_summary.h"
#include "analyze/search_outcome.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

/// A setup's values as they are shown: axis and literal text.
using NamedValues = std::vector<std::pair<std::string, std::string>>;

/// A search of one repeat of a sweep as a report shows it. Plain values.
struct SearchView {
  std::string sweep;
  int repeat = 0;
  int repeats = 1;
  SearchRules rules;
  std::vector<NamedValues> setups;  ///< Of each curve.
  std::vector<SearchCurve> curves;
  SearchOutcome outcome;
  bool estimated = false;  ///< Some of the energy comes from a model.
};

/// What strategies do on recorded trainings.
struct ReplayView {
  std::string source;  ///< The table or the sweep.
  GoalLine goal;
  std::vector<NamedValues> setups;
  std::vector<ReplaySummary> summaries;  ///< One for each strategy.
  bool estimated = false;
};

/// The fresh runs of the chosen setup against those of the runner-up; nullopt where they allow no
/// ratio.
[[nodiscard]] std::optional<FreshContrast> fresh_contrast_of(const SearchView& view);

/// "batch=64 lr=1e-2".
[[nodiscard]] std::string setup_label(const NamedValues& values);

}  // namespace gradwatt
