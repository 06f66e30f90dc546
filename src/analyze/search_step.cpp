#include "analyze/search_step.h"

#include "analyze/search_bound.h"
#include "base/expects.h"

#include <algorithm>
#include <utility>

namespace gradwatt {
namespace {

/// A fresh run of a finalist is stopped when it needs more than this times the best energy.
constexpr double kConfirmCap = 1.5;

double spent_by(std::span<const SearchCurve> curves) {
  double spent = 0;
  for (const SearchCurve& curve : curves) {
    spent += curve.spent_j;
  }
  return spent;
}

SearchStep ended(SearchEnd end) {
  SearchStep step;
  step.end = end;
  return step;
}

std::optional<SearchStep> baseline_step(const SearchRules& rules,
                                        const std::optional<GoalLine>& goal,
                                        std::span<const SearchCurve> curves) {
  const SearchCurve& base = curves[rules.default_setup];
  const bool has_reached = goal && joules_to(base, *goal);
  if (base.is_out() || has_reached || (!rules.baseline && goal)) {
    return std::nullopt;
  }
  SearchStep step;
  step.setup = rules.default_setup;
  step.rung = -1;
  step.why = "baseline";
  step.epochs = rules.epochs_max > 0 ? std::optional(rules.epochs_max) : std::nullopt;
  return step;
}

std::optional<SearchStep> strategy_step(const SearchRules& rules,
                                        const GoalLine& goal,
                                        std::span<const SearchCurve> curves) {
  switch (rules.strategy) {
    case SearchStrategy::grid:
      return grid_step(rules, curves);
    case SearchStrategy::joule_halving:
      return joule_halving_step(rules, goal, curves);
    case SearchStrategy::sequential_cap:
      return sequential_step(rules, goal, curves);
    case SearchStrategy::successive_halving:
      return successive_halving_step(rules, goal, curves);
  }
  expects(false, "a known strategy");
  return std::nullopt;
}

/// Whether to go on can still pay for itself, over all trainings that are to come.
bool can_pay(const SearchRules& rules,
             const GoalLine& goal,
             std::span<const SearchCurve> curves,
             const SearchStep& step) {
  const auto leader = leader_of(curves, goal);
  return !rules.trainings || !leader || !weighs_trainings(rules.strategy) ||
         *rules.trainings * most_to_gain_j(rules, goal, curves, *leader) > step.ahead_j;
}

std::optional<SearchStep> confirm_step(const SearchRules& rules,
                                       const GoalLine& goal,
                                       std::span<const SearchCurve> curves) {
  const auto chosen = chosen_by(rules, goal, curves);
  if (!chosen) {
    return std::nullopt;
  }
  const auto second = runner_up_of(chosen->setup, goal, curves);
  for (int run = 1; run <= rules.confirm; ++run) {  // In turns, so that drift hits both.
    for (const auto setup : {std::optional(chosen->setup), second}) {
      if (setup && static_cast<int>(curves[*setup].confirmed.size()) < run) {
        SearchStep step;
        step.setup = *setup;
        step.role = PieceRole::confirm;
        step.rung = run;
        step.why = "confirm " + std::to_string(run);
        step.cap_j = kConfirmCap * chosen->joules;
        step.epochs = rules.epochs_max > 0 ? std::optional(rules.epochs_max) : std::nullopt;
        return step;
      }
    }
  }
  return std::nullopt;
}

}  // namespace

SearchStep next_search_step(const SearchRules& rules, std::span<const SearchCurve> curves) {
  expects(!curves.empty(), "a setup to search");
  const auto goal = search_goal(rules, curves);
  std::optional<SearchStep> step = baseline_step(rules, goal, curves);
  if (!step && !goal) {
    return ended(SearchEnd::nothing_reached);  // The default failed, so it fixes nothing.
  }
  if (!step) {
    step = strategy_step(rules, *goal, curves);
  }
  const bool gives_up = step && goal && !can_pay(rules, *goal, curves, *step);
  if (gives_up) {
    step.reset();
  }
  if (!step) {
    step = confirm_step(rules, *goal, curves);
  }
  if (!step) {
    const SearchEnd success = gives_up ? SearchEnd::not_worth_more : SearchEnd::found;
    return ended(chosen_by(rules, *goal, curves) ? success : SearchEnd::nothing_reached);
  }
  if (rules.budget_j) {
    step->budget_j = *rules.budget_j - spent_by(curves);
    if (*step->budget_j <= 0) {
      return ended(SearchEnd::budget_spent);
    }
  }
  step->goal = goal;
  step->stops_at_goal = step->stops_at_goal && goal.has_value();
  return std::move(*step);
}

std::optional<SearchStep> grid_step(const SearchRules& rules, std::span<const SearchCurve> curves) {
  for (std::size_t setup = 0; setup < curves.size(); ++setup) {
    if (!curves[setup].is_out()) {
      SearchStep step;
      step.setup = setup;
      step.why = "to its end";
      step.epochs = rules.epochs_max > 0 ? std::optional(rules.epochs_max) : std::nullopt;
      step.stops_at_goal = false;
      return step;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> runner_up_of(std::size_t chosen,
                                        const GoalLine& goal,
                                        std::span<const SearchCurve> curves) {
  std::optional<std::size_t> second;
  // Fewer joules to the goal come first, then better metrics.
  const auto rank = [&](std::size_t setup) {
    const auto joules = joules_to(curves[setup], goal);
    return std::pair(joules ? 0 : 1,
                     joules ? *joules : -best_score(curves[setup], goal).value_or(0));
  };
  for (std::size_t setup = 0; setup < curves.size(); ++setup) {
    const bool can_be =
        setup != chosen && curves[setup].end != PieceEnd::failed && best_score(curves[setup], goal);
    if (can_be && (!second || rank(setup) < rank(*second))) {
      second = setup;
    }
  }
  return second;
}

}  // namespace gradwatt
