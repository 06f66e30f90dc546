#include "report/recommendation_words.h"

#include "base/expects.h"
#include "units/show.h"

#include <fmt/format.h>

#include <cmath>

namespace gradwatt {
namespace {

/// A rounded percentage with a true minus sign, as text.
std::string percent(double share) {
  const double rounded = std::round(100 * share);
  return fmt::format("{}{:.0f}", rounded < 0 ? "−" : rounded > 0 ? "+" : "", std::abs(rounded));
}

std::string axis_value_words(const Grid& grid, std::size_t axis, std::size_t value) {
  return printable(grid.axes[axis].name) + " " + printable(grid.axes[axis].values[value]);
}

std::string in_brackets(const Grid& grid, const std::optional<std::size_t>& axis) {
  return axis ? fmt::format(" ({})", printable(grid.axes[*axis].name)) : "";
}

struct AdviceWords {
  const RecommendationView& view;
  const Advice& advice;

  [[nodiscard]] std::string change() const {
    return change_words(advice.saving->value, advice.saving->interval);
  }
  std::string operator()(const UseSetup& use) const {
    return fmt::format("use {} instead of {}: {}",
                       setup_words(view.grid, use.setup),
                       setup_words(view.grid, use.instead_of),
                       change());
  }
  std::string operator()(const UseValue& use) const {
    const bool per_epoch = use.quantity == Quantity::energy_per_epoch;
    const std::string where = use.setups == 1
                                  ? "in one comparable pair of setups"
                                  : fmt::format("over {} comparable pairs of setups", use.setups);
    return fmt::format("{} instead of {} makes epochs {}: {} {}, {}",
                       axis_value_words(view.grid, use.axis, use.value),
                       axis_value_words(view.grid, use.axis, use.instead_of),
                       per_epoch ? "cheaper" : "fewer",
                       change(),
                       per_epoch ? "energy per epoch" : "epochs to the goal",
                       where);
  }
  std::string operator()(const CheckNumber& check) const {
    return fmt::format(
        "measure {} again: its energy per epoch is {} % off what its row and column say",
        setup_words(view.grid, check.suspicious.setup),
        percent(check.suspicious.excess));
  }
  std::string operator()(const RunAgain& again) const {
    std::string setups;
    for (const std::size_t setup : again.setups) {
      setups += (setups.empty() ? "" : " and ") + setup_words(view.grid, setup);
    }
    return fmt::format(
        "confirm with {} fresh runs each of {}{}: the best was picked from the same "
        "runs that describe it, so it looks better than it is",
        again.fresh_runs,
        setups,
        again.cost_j ? fmt::format(" (about {})", show_energy(*again.cost_j)) : "");
  }
  std::string operator()(const KeepAny& keep) const {
    return fmt::format(
        "nothing to gain: best and worst differ by {:.1f} %; choose by accuracy or "
        "time instead",
        100 * keep.saving_max);
  }
};

}  // namespace

std::string setup_words(const Grid& grid, std::size_t setup) {
  std::string words;
  const auto& place = grid.setups.at(setup).place;
  for (std::size_t axis = 0; axis < place.size(); ++axis) {
    words += (words.empty() ? "" : ", ") + axis_value_words(grid, axis, place[axis]);
  }
  return words.empty() ? "the only setup" : words;
}

std::string goal_words(const Grid& grid) {
  expects(grid.goal.has_value(), "a grid with a goal");
  const Goal& goal = *grid.goal;
  const char* sign = goal.smaller_is_better ? "≤" : "≥";
  const std::string metric = printable(goal.metric);
  if (goal.reach) {
    return fmt::format("{} {} {:.6g}", metric, sign, *goal.reach);
  }
  if (!grid.line) {
    return fmt::format("{} within {:.6g} of the best", metric, *goal.best_minus);
  }
  return fmt::format("{} {} {:.6g} (within {:.6g} of the best)",
                     metric,
                     sign,
                     grid.line->threshold,
                     *goal.best_minus);
}

std::string factor_words(double factor) {
  return fmt::format("×{:.{}f}", factor, factor < 9.995 ? 2 : factor < 99.95 ? 1 : 0);
}

std::string change_words(double saving, const std::optional<Interval>& interval) {
  std::string words = percent(-saving) + " %";
  if (interval) {
    words += fmt::format(" [{}, {}]", percent(-interval->hi), percent(-interval->lo));
  }
  return words;
}

std::string verb_words(const Grid& grid, const SetupComparison& comparison) {
  switch (comparison.evidence) {
    case Evidence::a:
      return "saves energy";
    case Evidence::b:
      return "likely saves energy";
    case Evidence::c:
      return "is predicted to save energy";
    case Evidence::d:
      break;
  }
  if (!comparison.ratio.interval) {
    const bool single = grid.setups[comparison.setup].finished == 1 &&
                        grid.setups[comparison.against].finished == 1;
    return single ? "looked cheaper once" : "looked cheaper, without an interval";
  }
  return comparison.ratio.interval->hi >= 1 ? "is not shown to be cheaper"
                                            : "looked cheaper, not shown after so many comparisons";
}

std::string split_words(const RecommendationView& view, const SetupComparison& comparison) {
  const FactorSplit& split = *comparison.split;
  const SetupResult& a = view.grid.setups[comparison.setup];
  const SetupResult& b = view.grid.setups[comparison.against];
  const auto& because = view.recommendation;
  return fmt::format("energy per epoch {}{} · epochs {}{} · start-up and rest {}",
                     factor_words(split.epoch_energy.value),
                     in_brackets(view.grid, axis_behind(because.epoch_energy_shares, a, b)),
                     factor_words(split.epochs.value),
                     in_brackets(view.grid, axis_behind(because.epochs_shares, a, b)),
                     factor_words(split.rest));
}

std::string advice_words(const RecommendationView& view, const Advice& advice) {
  return std::visit(AdviceWords{view, advice}, advice.what);
}

std::string lack_words(const RecommendationView& view) {
  expects(view.recommendation.lack.has_value(), "a recommendation that lacks data");
  switch (*view.recommendation.lack) {
    case Lack::nothing_finished:
      return "no run has finished: gradwatt sweep continues, gradwatt ls shows what failed";
    case Lack::no_energy:
      return view.grid.goal
                 ? "no energy is known for these runs: gradwatt doctor says which sensors there are"
                 : "no epoch with a known energy: send EPOCH marks, and see gradwatt doctor";
    case Lack::nothing_reached:
      if (!view.grid.line) {
        return fmt::format("no run reported {0}: send it as a mark, METRIC={0}:0.9",
                           printable(view.grid.goal->metric));
      }
      return fmt::format("no run reached {}: train longer, or ask for less with --goal",
                         goal_words(view.grid));
    case Lack::one_setup:
      return fmt::format("only {} can be judged: there is nothing to compare it with",
                         setup_words(view.grid, view.recommendation.best.value()));
  }
  expects(false, "a known lack");
  return "";
}

}  // namespace gradwatt
