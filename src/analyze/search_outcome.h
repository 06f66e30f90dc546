#pragma once

#include "analyze/search_step.h"

#include <optional>
#include <span>

namespace gradwatt {

/// What came of a search.
struct SearchOutcome {
  SearchEnd end = SearchEnd::found;
  std::optional<GoalLine> goal;
  double spent_j = 0;
  /// What training every setup to its last epoch would have used; see grid_is_estimate.
  std::optional<double> grid_j;
  bool grid_is_estimate = true;
  std::optional<SearchLeader> chosen;
  std::optional<std::size_t> runner_up;
  /// How much less another setup can have needed than the chosen one, at most: a share of its
  /// energy. 0: on these trainings nothing was cheaper.
  std::optional<double> could_save;
  /// Which setup that is, when it is more than 0.
  std::optional<std::size_t> doubtful;
};

/// Judges a search by its curves.
///
///   grid         sum over setups of all that those used which ended by themselves, and of
///                start-up + epochs_max · (energy of an epoch) for the others
///   could_save   1 - min_i(L_i) / C   C: joules of the chosen one to the goal; L_i: what setup i
///                would have used had it reached the goal with the very next epoch; both without
///                the starts that only pauses made necessary
///
/// A setup that ended by itself without the goal cannot have been better. The bound holds for these
/// trainings; another seed may give other curves.
/// Example  Chosen at 100 J; another was dropped at 60 J, with 10 J an epoch: at most 30 %.
[[nodiscard]] SearchOutcome judge_search(const SearchRules& rules,
                                         std::span<const SearchCurve> curves);

}  // namespace gradwatt
