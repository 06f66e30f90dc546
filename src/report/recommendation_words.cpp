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

std::string cost_words(const Grid& grid, double cost) {
  switch (grid.minimise) {
    case Minimise::energy:
      return show_energy(cost);
    case Minimise::time:
      return show_duration(
          std::chrono::duration_cast<Duration>(std::chrono::duration<double>(cost)));
    case Minimise::edp:
      break;
  }
  return show_energy(cost) + " s";
}

const char* minimised_words(const Grid& grid) {
  switch (grid.minimise) {
    case Minimise::energy:
      return "energy";
    case Minimise::time:
      return "time";
    case Minimise::edp:
      break;
  }
  return "energy times time";
}

std::string objective_words(const Grid& grid, Objective objective) {
  const char* of = objective == Objective::to_goal     ? "to the goal"
                   : objective == Objective::per_epoch ? "per epoch"
                                                       : "per run";
  return fmt::format("{} {}", minimised_words(grid), of);
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

std::string saves_words(Evidence evidence, const std::string& what) {
  expects(evidence != Evidence::d, "a saving with some evidence");
  return (evidence == Evidence::a   ? "saves "
          : evidence == Evidence::b ? "likely saves "
                                    : "is predicted to save ") +
         what;
}

std::string verb_words(const Grid& grid, const SetupComparison& comparison) {
  if (comparison.evidence != Evidence::d) {
    return saves_words(comparison.evidence, minimised_words(grid));
  }
  const std::string looked = comparison.saving() < 0 ? "looked dearer" : "looked cheaper";
  if (!comparison.ratio.interval) {
    const bool single = comparison.is_fresh ? comparison.fresh.made == 1
                                            : grid.setups[comparison.setup].finished == 1 &&
                                                  grid.setups[comparison.against].finished == 1;
    return looked + (single ? " once" : ", without an interval");
  }
  const Interval& interval = *comparison.ratio.interval;
  if (interval.lo <= 1 && interval.hi >= 1) {
    return "is not shown to be cheaper";
  }
  return looked +
         (*comparison.p_holm < kSignificant ? "" : ", not shown after so many comparisons");
}

std::string split_words(const RecommendationView& view, const SetupComparison& comparison) {
  const FactorSplit& split = *comparison.split;
  const SetupResult& a = view.grid.setups[comparison.setup];
  const SetupResult& b = view.grid.setups[comparison.against];
  const auto& because = view.recommendation;
  return fmt::format("energy per epoch {}{} · epochs {}{} · start-up and rest {}",
                     factor_words(split.epoch_energy.value),
                     in_brackets(view.grid, axis_behind(because.cost_shares, a, b)),
                     factor_words(split.epochs.value),
                     in_brackets(view.grid, axis_behind(because.epochs_shares, a, b)),
                     factor_words(split.rest));
}

std::string lack_words(const RecommendationView& view) {
  expects(view.recommendation.lack.has_value(), "a recommendation that lacks data");
  const char* what = minimised_words(view.grid);
  switch (*view.recommendation.lack) {
    case Lack::nothing_finished:
      return "no run has finished: gradwatt sweep continues, gradwatt ls shows what failed";
    case Lack::no_energy:
      if (view.is_table) {
        return fmt::format("no {} is known: fill in {}",
                           what,
                           view.grid.minimise == Minimise::energy ? "energy_j"
                           : view.grid.minimise == Minimise::time ? "duration_s"
                                                                  : "energy_j and duration_s");
      }
      return view.grid.goal
                 ? fmt::format(
                       "no {} is known for these runs: gradwatt doctor says which sensors "
                       "there are",
                       what)
                 : "no epoch with a known energy: send EPOCH marks, and see gradwatt doctor";
    case Lack::nothing_reached:
      if (!view.grid.line && view.is_table) {
        return fmt::format("no run tells {0}: it takes a column metric.{0}",
                           printable(view.grid.goal->metric));
      }
      if (!view.grid.line) {
        return fmt::format("no run reported {0}: send it as a mark, METRIC={0}:0.9",
                           printable(view.grid.goal->metric));
      }
      return fmt::format("no run reached {}: train longer, or ask for less with --goal",
                         goal_words(view.grid));
    case Lack::one_setup:
      return view.grid.axes.empty()
                 ? "there is only one setup, and nothing to compare it with"
                 : fmt::format("only {} can be judged: there is nothing to compare it with",
                               setup_words(view.grid, view.recommendation.best.value()));
  }
  expects(false, "a known lack");
  return "";
}

}  // namespace gradwatt
