#include "report/search_text.h"

#include "report/columns.h"
#include "report/search_words.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace gradwatt {
namespace {

std::string goal_of(const GoalLine& goal) {
  return fmt::format(
      "{} {} {:.4g}", printable(goal.metric), goal.smaller_is_better ? "≤" : "≥", goal.threshold);
}

std::string search_percent(double share) {
  const double value = 100 * share;
  return value != 0 && std::abs(value) < 9.95 ? fmt::format("{:.1f} %", value)
                                              : fmt::format("{:.0f} %", value);
}

std::optional<double> goal_joules_of(const SearchView& view, std::size_t setup) {
  return view.outcome.goal ? joules_to(view.curves[setup], *view.outcome.goal) : std::nullopt;
}

std::optional<double> best_metric_of(const SearchView& view, std::size_t setup) {
  if (!view.outcome.goal) {
    return std::nullopt;
  }
  const auto score = best_score(view.curves[setup], *view.outcome.goal);
  return score && view.outcome.goal->smaller_is_better ? std::optional(-*score) : score;
}

/// What became of a setup, in words.
std::string fate_of(const SearchView& view, std::size_t setup) {
  const SearchCurve& curve = view.curves[setup];
  if (const auto joules = goal_joules_of(view, setup)) {
    const bool chosen = view.outcome.chosen && view.outcome.chosen->setup == setup;
    return fmt::format("{}reached the goal at {}", chosen ? "BEST: " : "", show_energy(*joules));
  }
  if (curve.end == PieceEnd::failed) {
    return "failed";
  }
  if (curve.points.empty() && !curve.end) {
    return curve.profile_j ? "not trained: one epoch alone costs too much" : "not tried";
  }
  if (curve.end == PieceEnd::finished) {
    return "ended without the goal";
  }
  if (curve.end == PieceEnd::stopped) {
    return "stopped: it had lost";
  }
  return view.outcome.end == SearchEnd::budget_spent ? "as far as the budget went"
                                                     : "dropped: behind the others";
}

/// Setups that reached the goal, cheapest first, then the others by their metric.
std::vector<std::size_t> in_order(const SearchView& view) {
  std::vector<std::size_t> order(view.curves.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto rank = [&](std::size_t setup) {
    const auto joules = goal_joules_of(view, setup);
    const auto score =
        view.outcome.goal ? best_score(view.curves[setup], *view.outcome.goal) : std::nullopt;
    return std::tuple(joules ? 0 : 1, joules.value_or(0), score ? -*score : 1e300);
  };
  std::stable_sort(
      order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  return order;
}

std::string setup_table(const SearchView& view) {
  std::vector<std::vector<std::string>> rows{{"  setup",
                                              "epochs",
                                              "best " + printable(view.rules.goal.metric),
                                              "energy used",
                                              "what came of it"}};
  for (const std::size_t setup : in_order(view)) {
    const SearchCurve& curve = view.curves[setup];
    const auto metric = best_metric_of(view, setup);
    rows.push_back({"  " + setup_label(view.setups[setup]),
                    std::to_string(curve.points.size()),
                    metric ? fmt::format("{:.4g}", *metric) : "–",
                    show_energy(curve.spent_j),
                    fate_of(view, setup)});
  }
  return aligned(rows, {false, true, true, true, false});
}

std::string headline(const SearchView& view) {
  std::string text = printable(view.sweep);
  if (view.repeats > 1) {
    text += fmt::format(" (repeat {} of {})", view.repeat + 1, view.repeats);
  }
  text += fmt::format(": {} ", name_of(view.rules.strategy));
  const auto& chosen = view.outcome.chosen;
  if (chosen) {
    text += fmt::format("chose {}, which needs {} to {}",
                        setup_label(view.setups[chosen->setup]),
                        show_energy(chosen->joules),
                        goal_of(*view.outcome.goal));
  } else {
    text += "found no setup that reaches the goal";
    text += view.outcome.goal ? " " + goal_of(*view.outcome.goal) : "";
  }
  return text + "\n";
}

std::string cost_sentence(const SearchView& view) {
  const SearchOutcome& outcome = view.outcome;
  std::string text = fmt::format("cost: the search used {}", show_energy(outcome.spent_j));
  if (outcome.grid_j && *outcome.grid_j > 0) {
    const double share = outcome.spent_j / *outcome.grid_j;
    text += outcome.grid_is_estimate
                ? fmt::format(
                      ", about {} of what training all {} setups to their last epoch would "
                      "use (estimated {}: each setup's energy per epoch times its epochs; "
                      "less where trainings stop early)",
                      search_percent(share),
                      view.curves.size(),
                      show_energy(*outcome.grid_j))
                : fmt::format(", {} of the {} of the whole grid",
                              search_percent(share),
                              show_energy(*outcome.grid_j));
  }
  return text;
}

std::string certainty_sentence(const SearchView& view) {
  const SearchOutcome& outcome = view.outcome;
  if (!outcome.doubtful) {
    return "how sure: in these trainings no other setup needed less, or can have";
  }
  const std::size_t setup = *outcome.doubtful;
  if (const auto joules = goal_joules_of(view, setup)) {
    return fmt::format(
        "how sure: {} reached the goal with {} less energy ({}): racing at equal "
        "epochs does not see energy",
        setup_label(view.setups[setup]),
        search_percent(*outcome.could_save),
        show_energy(*joules));
  }
  const SearchCurve& curve = view.curves[setup];
  return fmt::format(
      "how sure: another setup can have needed at most {} less: {} was {}, and would win only had "
      "it reached the goal with its {} epoch",
      search_percent(*outcome.could_save),
      setup_label(view.setups[setup]),
      curve.points.empty() ? "not trained" : "given up after " + show_energy(curve.joules),
      curve.points.empty() ? "first" : "next");
}

/// "batch=512 lr=1e-3 2×, batch=64 lr=1e-2": the setups that a strategy chose, most often first.
std::string chosen_words(const ReplayView& view, const ReplaySummary& summary) {
  std::map<std::size_t, int> counts;
  for (const SearchReplay& replay : summary.replays) {
    if (replay.outcome.chosen) {
      ++counts[replay.outcome.chosen->setup];
    }
  }
  std::vector<std::pair<std::size_t, int>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.second > b.second;
  });
  std::string text = sorted.empty() ? "none" : "";
  for (std::size_t i = 0; i < sorted.size() && i < 2; ++i) {
    text += (i == 0 ? "" : ", ") + setup_label(view.setups[sorted[i].first]);
    text += summary.replays.size() > 1 ? fmt::format(" {}×", sorted[i].second) : "";
  }
  return text + (sorted.size() > 2 ? ", …" : "");
}

std::string replay_spread_words(std::optional<double> mean,
                                std::optional<double> most,
                                bool several) {
  if (!mean) {
    return "–";
  }
  return search_percent(*mean) + (several ? fmt::format(" (≤ {})", search_percent(*most)) : "");
}

}  // namespace

std::string setup_label(const NamedValues& values) {
  std::string label;
  for (const auto& [name, value] : values) {
    label += fmt::format("{}{}={}", label.empty() ? "" : " ", printable(name), printable(value));
  }
  return label.empty() ? "the only setup" : label;
}

std::string search_text(const SearchView& view) {
  std::string text = headline(view);
  if (view.estimated) {
    text += "  energies are estimated by a model, not measured by a meter\n";
  }
  text += "\n" + setup_table(view) + "\n";
  text += wrapped(cost_sentence(view));
  if (view.outcome.end == SearchEnd::budget_spent) {
    text += wrapped("the budget is spent: raise it, and the same command goes on from here");
  }
  if (view.outcome.end == SearchEnd::not_worth_more) {
    text += wrapped(
        "ended early: to go on would have cost more than it could still save over the trainings "
        "to come");
  }
  if (view.outcome.chosen) {
    text += wrapped(certainty_sentence(view));
    text += wrapped(payback_sentence(view));
    text += wrapped(confirm_sentence(view));
    const std::string contrast = contrast_sentence(view);
    text += contrast.empty() ? "" : wrapped(contrast);
  } else if (view.outcome.end == SearchEnd::nothing_reached) {
    text += wrapped("next: choose a goal that the best metric above reaches, or more epochs");
  }
  return text;
}

std::string replay_text(const ReplayView& view) {
  const bool several = !view.summaries.empty() && view.summaries.front().replays.size() > 1;
  const std::size_t count = view.summaries.empty() ? 0 : view.summaries.front().replays.size();
  std::string text = fmt::format("{}: {} setups, {} {} of each, goal {}\n",
                                 printable(view.source),
                                 view.setups.size(),
                                 count,
                                 several ? "trainings" : "training",
                                 goal_of(view.goal));
  if (view.estimated) {
    text += "  energies are estimated by a model, not measured by a meter\n";
  }
  std::vector<std::vector<std::string>> rows{
      {"  strategy", "search uses", "choice costs", "found", "chose"}};
  for (const ReplaySummary& summary : view.summaries) {
    rows.push_back({fmt::format("  {}", name_of(summary.strategy)),
                    replay_spread_words(summary.share_mean(), summary.share_max(), several),
                    replay_spread_words(summary.regret_mean(), summary.regret_max(), several),
                    fmt::format("{}/{}", summary.found(), summary.replays.size()),
                    chosen_words(view, summary)});
  }
  text += "\n" + aligned(rows, {false, true, true, true, false}) + "\n";
  text +=
      wrapped("search uses: energy of the search as a share of training every setup to its end" +
              std::string(several ? "; mean over repeats (≤ the most)" : ""));
  text += wrapped(
      "choice costs: how much more energy the chosen setup needs to the goal than the "
      "best one" +
      std::string(several ? ", both by their mean over all repeats" : ""));
  return text;
}

}  // namespace gradwatt
