#include "report/recommendation_text.h"

#include "analyze/wasted_tail.h"
#include "report/advice_words.h"
#include "report/batch_words.h"
#include "report/carbon_words.h"
#include "report/columns.h"
#include "report/fresh_words.h"
#include "report/recommendation_flags.h"
#include "report/recommendation_table.h"
#include "report/recommendation_words.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

namespace gradwatt {
namespace {

/// "one run per setup", "geometric mean of 3 runs", "geometric mean of 1 to 3 runs".
std::string runs_words(const Grid& grid) {
  int least = 0;
  int most = 0;
  for (const SetupResult& setup : grid.setups) {
    if (setup.finished > 0) {
      least = least == 0 ? setup.finished : std::min(least, setup.finished);
      most = std::max(most, setup.finished);
    }
  }
  if (most <= 1) {
    return "one run per setup";
  }
  return least == most ? fmt::format("geometric mean of {} runs", most)
                       : fmt::format("geometric mean of {} to {} runs", least, most);
}

std::string tables_text(const RecommendationView& view) {
  const Grid& grid = view.grid;
  const std::string how =
      std::string(grid.estimated ? ", estimated" : "") + ", " + runs_words(grid);
  const GridTables epoch = grid_tables(view, TableOf::energy_per_epoch);
  if (!grid.goal) {
    const GridTables objective = grid_tables(view, TableOf::objective);
    const std::string legend = legend_for(objective.tables);
    const char* why = view.recommendation.objective == Objective::per_run
                          ? "no goal and no epochs: whole runs are compared"
                          : "no goal: the number of epochs is not judged";
    return fmt::format("{}: {}, {}{}\n({})\n\n{}{}{}",
                       printable(view.sweep),
                       objective_words(grid, view.recommendation.objective),
                       objective.unit,
                       how,
                       why,
                       objective.tables,
                       legend,
                       legend.empty() ? "" : "\n");
  }
  const GridTables objective = grid_tables(view, TableOf::objective);
  const GridTables epochs = grid_tables(view, TableOf::epochs_to_goal);
  // A table of whole runs has neither.
  const bool has_epochs = cost_quantity(grid) == Quantity::cost_per_epoch;
  const std::string by_epoch =
      has_epochs ? fmt::format("\nenergy per epoch, {}\n{}\nepochs to reach it\n{}",
                               epoch.unit,
                               epoch.tables,
                               epochs.tables)
                 : "";
  const std::string legend = legend_for(objective.tables + by_epoch);
  return fmt::format("{}: {} to reach {}, {}{}\n\n{}{}{}{}{}",
                     printable(view.sweep),
                     minimised_words(grid),
                     goal_words(grid),
                     objective.unit,
                     how,
                     objective.tables,
                     by_epoch,
                     legend.empty() ? "" : "\n",
                     legend,
                     legend.empty() ? "" : "\n");
}

/// What the saving avoids in CO2 and money, where their rates are known and it is one of energy.
std::string avoided_by(const RecommendationView& view, const SetupComparison& comparison) {
  if (view.grid.minimise != Minimise::energy || comparison.saving() <= 0) {
    return "";
  }
  const double against_j = comparison.against_cost;
  BoundedNumber saved_j{against_j * comparison.saving(), std::nullopt};
  if (const auto interval = comparison.saving_interval()) {
    saved_j.bounds = Interval{against_j * interval->lo, against_j * interval->hi};
  }
  return avoided_text(saved_j, view.rates);
}

std::string comparison_text(const RecommendationView& view,
                            const SetupComparison& comparison,
                            const std::string& role) {
  std::string text = fmt::format(
      "  {} against {}: {} (evidence {})\n      {}\n",
      change_words(comparison.saving(), comparison.saving_interval()),
      setup_words(view.grid, comparison.against),
      verb_words(view.grid, comparison) + (comparison.is_fresh ? ", in fresh runs alone" : ""),
      letter_of(comparison.evidence),
      role);
  if (comparison.split) {
    text += "      = " + split_words(view, comparison) + "\n";
  }
  return text + avoided_by(view, comparison);
}

std::string tied_text(const RecommendationView& view) {
  std::string by_interval;
  std::string by_band;
  for (const TiedSetup& tied : view.recommendation.tied) {
    std::string& list = tied.by_interval ? by_interval : by_band;
    list += (list.empty() ? "" : "; ") + setup_words(view.grid, tied.setup);
  }
  return (by_interval.empty() ? "" : wrapped("not told apart from it by repeats: " + by_interval)) +
         (by_band.empty() ? ""
                          : wrapped("within 5 % of it, which one run cannot tell: " + by_band));
}

std::string shares_text(const RecommendationView& view) {
  const auto line = [&](const std::string& what, const std::optional<std::vector<double>>& shares) {
    if (!shares) {
      return std::string();
    }
    std::string parts;
    for (std::size_t axis = 0; axis < shares->size(); ++axis) {
      parts += fmt::format("{}{} {:.1f} %",
                           axis == 0 ? "" : " · ",
                           printable(view.grid.axes[axis].name),
                           100 * (*shares)[axis]);
    }
    return fmt::format("  {} {}\n", what, parts);
  };
  const std::string lines =
      line(fmt::format("{}:",
                       objective_words(view.grid,
                                       cost_quantity(view.grid) == Quantity::cost_per_run
                                           ? Objective::per_run
                                           : Objective::per_epoch)),
           view.recommendation.cost_shares) +
      line("epochs to the goal:", view.recommendation.epochs_shares);
  return lines.empty() ? "" : "what explains the variation over the grid\n" + lines;
}

std::string default_role(const Recommendation& recommendation) {
  return recommendation.default_named ? "the default" : "the default (first value of each axis)";
}

std::string regret_text(const RecommendationView& view) {
  const auto& bound = view.recommendation.regret_max;
  return bound
             ? wrapped(fmt::format("as far as these repeats can tell, the choice may still be "
                                   "wrong by up to {:.0f} % of the {} of the truly cheapest setup",
                                   100 * *bound,
                                   minimised_words(view.grid)))
             : "";
}

/// Where energy and time want different setups.
std::string front_text(const RecommendationView& view) {
  constexpr std::size_t kShown = 5;
  const auto& front = view.recommendation.front;
  if (front.size() < 2) {
    return "";
  }
  std::string text =
      fmt::format("less energy or less time{}: no other setup is better in both than\n",
                  view.grid.goal ? "" : ", of whole runs");
  for (std::size_t i = 0; i < std::min(front.size(), kShown); ++i) {
    const auto time =
        std::chrono::duration_cast<Duration>(std::chrono::duration<double>(front[i].time_s));
    text += fmt::format("  {}: {} in {}\n",
                        setup_words(view.grid, front[i].setup),
                        show_energy(front[i].energy_j),
                        show_duration(time));
  }
  return text + (front.size() > kShown
                     ? fmt::format("  and {} more (--json)\n", front.size() - kShown)
                     : "");
}

/// Without a goal the cheapest may be the least accurate, too: that is said beside the choice.
std::string accuracy_text(const RecommendationView& view) {
  const Grid& grid = view.grid;
  const auto& chosen = grid.setups[*view.recommendation.best].metric;
  if (grid.goal || !chosen) {
    return "";
  }
  std::size_t most_accurate = *view.recommendation.best;
  for (std::size_t setup = 0; setup < grid.setups.size(); ++setup) {
    const auto& metric = grid.setups[setup].metric;
    if (metric && *metric > *grid.setups[most_accurate].metric) {
      most_accurate = setup;
    }
  }
  const double less = *grid.setups[most_accurate].metric - *chosen;
  return less < kNearlyBest
             ? ""
             : wrapped(fmt::format("its {} is {:.1f} points below that of {}: --goal '{}>={:.3g}' "
                                   "asks for as much",
                                   printable(grid.metric),
                                   100 * less,
                                   setup_words(grid, most_accurate),
                                   printable(grid.metric),
                                   *grid.setups[most_accurate].metric - kNearlyBest));
}

/// What fresh runs say against the sweep, and of the pairs that were not shown yet.
std::string fresh_text(const RecommendationView& view) {
  const Recommendation& result = view.recommendation;
  std::string text;
  for (const SetupComparison& one : result.comparisons) {
    const bool is_shown = one.against == result.worst ||
                          (result.against_default && one.against == result.default_setup);
    if (one.is_fresh && !is_shown) {
      text += comparison_text(view, one, fresh_role(result, one));
    }
  }
  std::string cheaper;
  for (const std::size_t setup : result.cheaper_in_grid) {
    cheaper += (cheaper.empty() ? "" : "; ") + setup_words(view.grid, setup);
  }
  return text + (cheaper.empty()
                     ? ""
                     : wrapped("cheaper in the sweep's own runs, and not run afresh: " + cheaper));
}

std::string overruled_text(const RecommendationView& view) {
  const auto& overruled = view.recommendation.overruled;
  return overruled ? wrapped(fmt::format(
                         "{} (evidence {})", overruled_words(view), letter_of(overruled->evidence)))
                   : "";
}

/// What the best is against the user's setup.
std::string default_text(const RecommendationView& view, const std::string& worst_role) {
  const Recommendation& result = view.recommendation;
  if (is_default_best(result)) {
    return "  it is " + default_role(result) + " already\n";
  }
  if (!result.against_default) {
    return result.default_setup ? fmt::format("  {}, {}, has no number to compare with\n",
                                              setup_words(view.grid, *result.default_setup),
                                              default_role(result))
                                : "";
  }
  const bool is_worst = result.default_setup == result.worst;
  const char* reason = is_default_tied(result)
                           ? "  the default is tied with it: these runs show no reason to change\n"
                       : result.against_default->saving() <= 0
                           ? "  these runs show no reason to change the default\n"
                           : "";
  return comparison_text(view,
                         *result.against_default,
                         default_role(result) + (is_worst ? " and " + worst_role : "")) +
         reason;
}

std::string verdict_text(const RecommendationView& view) {
  const Recommendation& result = view.recommendation;
  if (result.verdict == Verdict::not_enough_data) {
    return "not enough data: " + lack_words(view) + "\n";
  }
  const std::string best_cost =
      cost_words(view.grid, objective_of(view.grid.setups[*result.best], result.objective)->value) +
      (result.overruled ? " in the sweep's own runs" : "");
  const bool is_kept = is_default_best(result) && result.default_named;
  std::string text = result.verdict == Verdict::nothing_to_gain
                         ? fmt::format("nothing to gain: no setup saves 5 %; the least is {}: {}\n",
                                       setup_words(view.grid, *result.best),
                                       best_cost)
                         : fmt::format("{} {}: {}\n",
                                       is_kept ? "keep" : "use",
                                       setup_words(view.grid, *result.best),
                                       best_cost);
  text += overruled_text(view) + accuracy_text(view);
  const SetupComparison& worst = *result.against_worst;
  const std::string worst_role = fmt::format("the worst{} ({:.3g} times the {})",
                                             view.grid.goal ? " to reach it" : "",
                                             1 / worst.ratio.value,
                                             minimised_words(view.grid));
  text += default_text(view, worst_role);
  if (!result.against_default || result.default_setup != result.worst) {
    text += comparison_text(view, worst, worst_role);
  }
  return text + fresh_text(view) + tied_text(view) + regret_text(view) + front_text(view);
}

std::string next_text(const RecommendationView& view) {
  std::string next;
  for (const Advice& advice : view.recommendation.advice) {
    const bool said_above = std::holds_alternative<UseSetup>(advice.what) ||
                            std::holds_alternative<KeepSetup>(advice.what) ||
                            std::holds_alternative<KeepAny>(advice.what);
    if (!said_above) {
      next += wrapped(advice_words(view, advice) +
                      (advice.saving || advice.saved
                           ? fmt::format(" (evidence {})", letter_of(advice.evidence))
                           : ""));
    }
  }
  return next;
}

/// What the letters and brackets of this report mean.
std::string how_to_read(const RecommendationView& view) {
  const Recommendation& result = view.recommendation;
  if (!result.against_worst) {
    return "";
  }
  std::string text =
      "  evidence: A shown and confirmed by fresh runs · B shown by repeats · C from a model · D "
      "not "
      "shown\n";
  const auto has_interval = [](const SetupComparison& one) {
    return one.ratio.interval.has_value();
  };
  if (std::any_of(result.comparisons.begin(), result.comparisons.end(), has_interval)) {
    text +=
        "  [from, to]: the true change is inside in 95 of 100 such experiments; with 0 inside, "
        "none "
        "is shown\n";
  }
  return text;
}

}  // namespace

std::string recommendation_text(const RecommendationView& view) {
  std::string text = tables_text(view) + "\n" + verdict_text(view);
  const std::string batch = batch_words(view);
  const std::string causes = shares_text(view) + (batch.empty() ? "" : wrapped(batch));
  text += causes.empty() ? "" : "\n" + causes;
  const std::string next = next_text(view);
  text += next.empty() ? "" : "\nnext\n" + next;
  std::string notes = how_to_read(view);
  for (const ReportFlag& flag : flags_of(view)) {
    notes += wrapped(flag.text);
  }
  return text + (notes.empty() ? "" : "\nto know\n" + notes);
}

}  // namespace gradwatt
