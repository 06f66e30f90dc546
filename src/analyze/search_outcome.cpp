#include "analyze/search_outcome.h"

#include "analyze/search_bound.h"

#include <algorithm>

namespace gradwatt {
namespace {

/// The epochs of a whole training: the limit, else the most that one took that ended by itself.
int whole_epochs(const SearchRules& rules, std::span<const SearchCurve> curves) {
  std::size_t most = static_cast<std::size_t>(std::max(0, rules.epochs_max));
  for (const SearchCurve& curve : curves) {
    if (rules.epochs_max == 0 && curve.end == PieceEnd::finished) {
      most = std::max(most, curve.points.size());
    }
  }
  return static_cast<int>(most);
}

void add_grid(SearchOutcome& outcome,
              const SearchRules& rules,
              std::span<const SearchCurve> curves) {
  const int epochs = whole_epochs(rules, curves);
  double sum = 0;
  bool all_ended = true;
  for (std::size_t setup = 0; setup < curves.size(); ++setup) {
    const SearchCurve& curve = curves[setup];
    const bool is_cut_short =
        rules.strategy != SearchStrategy::grid && outcome.goal && joules_to(curve, *outcome.goal);
    if (curve.end == PieceEnd::failed || (curve.end == PieceEnd::finished && !is_cut_short)) {
      sum += curve.joules;
      continue;
    }
    all_ended = false;
    const auto epoch_j = expected_epoch_j(rules, curves, setup);
    if (!epoch_j || epochs == 0) {
      return;
    }
    sum += curve.start_up_j() + *epoch_j * epochs;
  }
  outcome.grid_j = sum;
  outcome.grid_is_estimate = !all_ended;
}

SearchPayback payback_of(const SearchRules& rules,
                         const SearchOutcome& outcome,
                         std::span<const SearchCurve> curves) {
  SearchPayback payback;
  const SearchCurve& base = curves[rules.default_setup];
  const auto reached = joules_to(base, *outcome.goal);
  if (!reached) {
    return payback;
  }
  const SearchLeader& chosen = *outcome.chosen;
  payback.default_j = without_pauses(base, *reached);
  if (chosen.setup == rules.default_setup) {
    payback.state = PaybackState::already_default;
    return payback;
  }
  payback.trainings = trainings_to_pay_back(
      outcome.spent_j, *payback.default_j, without_pauses(curves[chosen.setup], chosen.joules));
  payback.state = payback.trainings ? PaybackState::pays_back : PaybackState::never;
  return payback;
}

}  // namespace

const char* name_of(PaybackState state) {
  switch (state) {
    case PaybackState::pays_back:
      return "pays_back";
    case PaybackState::never:
      return "never";
    case PaybackState::already_default:
      return "already_default";
    case PaybackState::default_unknown:
      return "default_unknown";
  }
  return "";
}

std::optional<double> trainings_to_pay_back(double spent_j, double default_j, double chosen_j) {
  if (default_j <= chosen_j) {
    return std::nullopt;
  }
  return std::max(0.0, (spent_j - default_j) / (default_j - chosen_j));
}

SearchOutcome judge_search(const SearchRules& rules, std::span<const SearchCurve> curves) {
  SearchOutcome outcome;
  outcome.end = next_search_step(rules, curves).end.value_or(SearchEnd::budget_spent);
  outcome.goal = search_goal(rules, curves);
  for (const SearchCurve& curve : curves) {
    outcome.spent_j += curve.spent_j;
  }
  add_grid(outcome, rules, curves);
  if (!outcome.goal) {
    return outcome;
  }
  outcome.chosen = chosen_by(rules, *outcome.goal, curves);
  if (!outcome.chosen) {
    return outcome;
  }
  outcome.payback = payback_of(rules, outcome, curves);
  outcome.runner_up = runner_up_of(outcome.chosen->setup, *outcome.goal, curves);
  outcome.could_save = 0;
  const SearchLeader& chosen = *outcome.chosen;
  const double needed = without_pauses(curves[chosen.setup], chosen.joules);
  for (std::size_t setup = 0; setup < curves.size(); ++setup) {
    const auto least = least_joules_of(rules, *outcome.goal, curves, setup);
    const double saves = least ? 1 - *least / needed : 0;
    if (setup != outcome.chosen->setup && saves > *outcome.could_save) {
      outcome.could_save = saves;
      outcome.doubtful = setup;
    }
  }
  return outcome;
}

}  // namespace gradwatt
