#pragma once

#include "analyze/table.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// How a sweep looks for the setup that reaches its goal for the least energy.
enum class SearchStrategy {
  grid,                ///< Every setup to its end.
  joule_halving,       ///< Race at equal joules; the worse half is dropped, the joules are doubled.
  sequential_cap,      ///< One after the other, stopped once dearer than the best so far.
  successive_halving,  ///< Race at equal epochs by the metric: the usual way, for comparison.
};

[[nodiscard]] const char* name_of(SearchStrategy strategy);
/// nullopt when there is none of that name.
[[nodiscard]] std::optional<SearchStrategy> search_strategy_named(const std::string& name);
[[nodiscard]] std::vector<std::string> search_strategy_names();

/// Whether the strategy pauses trainings and goes on with them later.
[[nodiscard]] bool continues_trainings(SearchStrategy strategy);

/// Whether the strategy can end early because going on would cost more than it can save.
[[nodiscard]] bool weighs_trainings(SearchStrategy strategy);

/// What a search goes by. Energies in joules.
struct SearchRules {
  SearchStrategy strategy = SearchStrategy::joule_halving;
  /// With `best_minus` the default's own best value, less that distance, is the threshold.
  Goal goal;
  std::size_t default_setup = 0;
  bool baseline = false;      ///< Train the default first, to the goal. Implied by `best_minus`.
  double eta = 2;             ///< Joules, or epochs, grow by this from rung to rung; 1/eta is kept.
  int rung_epochs = 1;        ///< Of the first rung of successive_halving.
  int epochs_max = 0;         ///< Of one training; 0: what its program does by itself.
  int stalled_epochs = 20;    ///< Without a better metric: dropped.
  double cap = 1;             ///< sequential_cap: stop beyond this times the best energy.
  std::optional<double> lag;  ///< And beyond this times what the best needed for the next level.
  std::optional<double> budget_j;
  /// How often the setup that is found will be trained. Known: the search ends when what it can
  /// still save over all of them is less than going on costs. Only where weighs_trainings().
  std::optional<int> trainings;
  int confirm = 0;  ///< Fresh runs of the winner and the runner-up.
  /// sequential_cap: setups of one group cost the same per epoch. Empty: nothing is known of that,
  /// and the setups are tried in their order.
  std::vector<std::size_t> groups;
};

}  // namespace gradwatt
