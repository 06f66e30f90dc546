#pragma once

#include "analyze/search_step.h"

#include <optional>
#include <span>

namespace gradwatt {

/// When a search has paid for itself.
enum class PaybackState {
  pays_back,        ///< After so many trainings.
  never,            ///< The default needs no more than the setup that was chosen.
  already_default,  ///< The default was chosen: nothing is saved, only known.
  default_unknown,  ///< The default was not trained to the goal.
};

[[nodiscard]] const char* name_of(PaybackState state);

struct SearchPayback {
  PaybackState state = PaybackState::default_unknown;
  std::optional<double> trainings;  ///< Present with `pays_back`; 0: it has already.
  std::optional<double> default_j;  ///< Energy of the default to the goal, where it is known.
};

/// After how many further trainings with the setup that it found a search has paid for itself:
///
///   x = (J_spent - C_default) / (C_default - C_chosen), at least 0
///
/// The search has trained a model to the goal, for which the default would have used C_default; all
/// that it used beyond that is to be won back.
///
/// Takes    energies in joules; those to the goal without starts that only pauses made necessary.
/// Returns  nullopt when C_default <= C_chosen: it never does.
/// Example  Spent 1000 J, default 300 J, chosen 100 J: 700 / 200 = 3.5, so with the fourth.
[[nodiscard]] std::optional<double> trainings_to_pay_back(double spent_j,
                                                          double default_j,
                                                          double chosen_j);

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
  /// Present with `chosen`.
  std::optional<SearchPayback> payback;
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
