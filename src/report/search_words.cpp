#include "report/search_words.h"

#include "units/show.h"

#include <fmt/format.h>

#include <cmath>

namespace gradwatt {
namespace {

/// What one fresh run needed; of one that was stopped at its cap only the least is known.
std::string fresh_run_words(const SearchCurve& fresh, const GoalLine& goal) {
  if (const auto joules = joules_to(fresh, goal)) {
    return show_energy(*joules);
  }
  if (is_capped(fresh, goal)) {
    return "more than " + show_energy(fresh.joules) + " (stopped there)";
  }
  return "not reached with " + show_energy(fresh.spent_j);
}

std::string fresh_runs(const SearchView& view, std::size_t setup) {
  std::string text;
  for (const SearchCurve& fresh : view.curves[setup].confirmed) {
    text += (text.empty() ? "" : ", ") + fresh_run_words(fresh, *view.outcome.goal);
  }
  return text;
}

/// How strong a sentence fresh runs carry.
const char* fresh_verdict(const FreshContrast& contrast) {
  if (contrast.evidence == Evidence::a) {
    return "saves energy";
  }
  if (contrast.evidence == Evidence::b) {
    return "likely saves energy";
  }
  if (contrast.is_shown_dearer()) {
    return "needs more energy, so take the other";
  }
  const bool may_be_cheaper = contrast.ratio.value < 1 && contrast.says != RatioSays::at_least;
  return may_be_cheaper && !contrast.ratio.interval ? "looked cheaper, without an interval"
                                                    : "is not shown to be cheaper";
}

}  // namespace

std::optional<FreshContrast> fresh_contrast_of(const SearchView& view) {
  const SearchOutcome& outcome = view.outcome;
  return outcome.goal && outcome.chosen && outcome.runner_up
             ? fresh_contrast(view.curves[outcome.chosen->setup],
                              view.curves[*outcome.runner_up],
                              *outcome.goal)
             : std::nullopt;
}

std::string contrast_sentence(const SearchView& view) {
  const auto contrast = fresh_contrast_of(view);
  if (!contrast) {
    return "";
  }
  const char* bound = contrast->says == RatioSays::at_most    ? "at most "
                      : contrast->says == RatioSays::at_least ? "at least "
                                                              : "";
  std::string ratio = fmt::format("{}×{:.2f}", bound, contrast->ratio.value);
  if (contrast->ratio.interval) {
    ratio += fmt::format(
        " [{:.2f}, {:.2f}]", contrast->ratio.interval->lo, contrast->ratio.interval->hi);
  }
  return fmt::format("fresh runs alone: {} needs {} the energy of {}: {} (evidence {})",
                     setup_label(view.setups[view.outcome.chosen->setup]),
                     ratio,
                     setup_label(view.setups[*view.outcome.runner_up]),
                     fresh_verdict(*contrast),
                     letter_of(contrast->evidence));
}

std::string payback_sentence(const SearchView& view) {
  const SearchPayback& payback = *view.outcome.payback;
  const std::string base = setup_label(view.setups[view.rules.default_setup]);
  switch (payback.state) {
    case PaybackState::default_unknown:
      return fmt::format(
          "break-even: unknown, because the default ({}) was not trained to the goal", base);
    case PaybackState::already_default:
      return "break-even: none, the setup found is already the default";
    case PaybackState::never:
      return fmt::format("break-even: never, the default ({}) needs {} and no more than this",
                         base,
                         show_energy(*payback.default_j));
    case PaybackState::pays_back:
      break;
  }
  const double trainings = std::ceil(*payback.trainings);
  const std::string against =
      fmt::format("against the default ({}, {})", base, show_energy(*payback.default_j));
  return trainings == 0
             ? fmt::format("break-even: the search has paid for itself already, {}", against)
             : fmt::format(
                   "break-even: the search has paid for itself after {:.0f} more "
                   "{} with the setup found, {}",
                   trainings,
                   trainings == 1 ? "training" : "trainings",
                   against);
}

std::string confirm_sentence(const SearchView& view) {
  const SearchOutcome& outcome = view.outcome;
  if (outcome.chosen && !view.curves[outcome.chosen->setup].confirmed.empty()) {
    std::string text = fmt::format("fresh runs: {} needed {}",
                                   setup_label(view.setups[outcome.chosen->setup]),
                                   fresh_runs(view, outcome.chosen->setup));
    if (outcome.runner_up && !view.curves[*outcome.runner_up].confirmed.empty()) {
      text += fmt::format("; {} needed {}",
                          setup_label(view.setups[*outcome.runner_up]),
                          fresh_runs(view, *outcome.runner_up));
    }
    return text;
  }
  return "luck: each setup was trained once. With another seed the order of close setups may "
         "change; "
         "confirm=2 in [search] runs the best two afresh";
}

}  // namespace gradwatt
