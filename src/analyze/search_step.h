#pragma once

#include "analyze/search_curve.h"
#include "analyze/search_rules.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// Why a search is over.
enum class SearchEnd {
  found,
  not_worth_more,  ///< Found, and to go on would cost more than it can save.
  nothing_reached,
  budget_spent,
};

/// By when a training must have become how good to go on.
struct SearchDeadline {
  double joules = 0;
  double metric = 0;
};

/// What a search does next: one piece of one training, or nothing more.
struct SearchStep {
  std::optional<SearchEnd> end;  ///< Present: the search is over, and the rest means nothing.
  std::size_t setup = 0;
  PieceRole role = PieceRole::race;
  int rung = 0;
  std::string why;            ///< "baseline", "rung 2 of 120 J", "epoch energy", "confirm 1".
  std::optional<int> epochs;  ///< How many it is to have then, counted from its start; absent:
                              ///< as many as it has.
  bool stops_at_goal = true;
  double ahead_j =
      0;  ///< What is to be used before the strategy can decide the next time, at most.
  std::optional<double> pause_j;          ///< Paused when this piece uses more than was foreseen.
  std::optional<double> cap_j;            ///< Lost when this piece uses more.
  std::optional<double> budget_j;         ///< The search has no more than this to spend.
  std::vector<SearchDeadline> deadlines;  ///< Lost when one is missed; joules of this piece.
  std::optional<GoalLine> goal;           ///< Absent: the default is to say what it is.
};

/// What to do next, given all that was measured: a pure function, so a search that was killed goes
/// on where it was, and a search over recorded curves takes the same decisions as one over a store.
///
/// Source   docs/search.md
/// Example  Two setups with nothing measured, joule-halving: train the first for one epoch.
[[nodiscard]] SearchStep next_search_step(const SearchRules& rules,
                                          std::span<const SearchCurve> curves);

/// The steps of single strategies; nullopt when the strategy has nothing more to do. Take a goal
/// that is known.
[[nodiscard]] std::optional<SearchStep> joule_halving_step(const SearchRules& rules,
                                                           const GoalLine& goal,
                                                           std::span<const SearchCurve> curves);
[[nodiscard]] std::optional<SearchStep> successive_halving_step(
    const SearchRules& rules, const GoalLine& goal, std::span<const SearchCurve> curves);
[[nodiscard]] std::optional<SearchStep> sequential_step(const SearchRules& rules,
                                                        const GoalLine& goal,
                                                        std::span<const SearchCurve> curves);
[[nodiscard]] std::optional<SearchStep> grid_step(const SearchRules& rules,
                                                  std::span<const SearchCurve> curves);

/// The setup that a search chooses: for successive_halving the one that is left, else the one that
/// reached the goal for the fewest joules.
[[nodiscard]] std::optional<SearchLeader> chosen_by(const SearchRules& rules,
                                                    const GoalLine& goal,
                                                    std::span<const SearchCurve> curves);

/// Second to `chosen`: the next in joules to the goal; else, of those that have not reached it, the
/// one with the best metric.
[[nodiscard]] std::optional<std::size_t> runner_up_of(std::size_t chosen,
                                                      const GoalLine& goal,
                                                      std::span<const SearchCurve> curves);

}  // namespace gradwatt
