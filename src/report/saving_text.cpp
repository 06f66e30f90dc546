#include "report/carbon_words.h"
#include "report/columns.h"
#include "report/recommendation_words.h"
#include "report/saving_view.h"
#include "report/study_words.h"
#include "units/show.h"

#include <fmt/format.h>

#include <cmath>

namespace gradwatt {
namespace {

std::string kinds_table(const SavingView& view) {
  std::vector<std::vector<std::string>> rows{{"", "energy", "epochs", "runs"}};
  for (std::size_t kind = 0; kind < view.kinds.size(); ++kind) {
    rows.push_back({printable(view.kinds[kind]),
                    show_energy(view.saving->energies_j[kind]),
                    view.epochs.empty() ? "–" : three_digits(view.epochs[kind]),
                    std::to_string(view.runs[kind].size())});
  }
  return indented(aligned(rows, {false, true, true, true}));
}

/// "62 % less energy [58, 66]", "12 % more energy".
std::string less_or_more(const Ratio& ratio) {
  constexpr double kPercent = 100;
  const double saving = 1 - ratio.value;
  std::string words =
      fmt::format("{:.1f} % {} energy", kPercent * std::abs(saving), saving < 0 ? "more" : "less");
  if (ratio.interval) {
    const bool more = saving < 0;
    const double from = more ? ratio.interval->lo - 1 : 1 - ratio.interval->hi;
    const double to = more ? ratio.interval->hi - 1 : 1 - ratio.interval->lo;
    words += fmt::format(" (95 %: {:.1f} to {:.1f} %)", kPercent * from, kPercent * to);
  }
  return words;
}

/// How far the runs carry the sentence, and what to do.
std::string strength_text(const Ratio& ratio) {
  if (!ratio.interval) {
    return wrapped(
        "It was so once; how sure that is, is not known: at least two runs of each kind tell.");
  }
  const bool differs = ratio.interval->lo > 1 || ratio.interval->hi < 1;
  return differs ? ""
                 : wrapped(
                       "The runs scatter too much: that there is no difference is not ruled out. "
                       "Repeat both kinds.");
}

std::string factor_text(const Ratio& factor) {
  return factor.interval ? fmt::format("{} [{:.2f}, {:.2f}]",
                                       factor_words(factor.value),
                                       factor.interval->lo,
                                       factor.interval->hi)
                         : factor_words(factor.value);
}

/// Which factor is behind the difference, when one is.
std::string cause_words(const ParadigmSaving& saving) {
  constexpr double kMost = 0.8;
  const double whole = std::log(saving.energy.value);
  constexpr double kSmall = 0.02;
  if (std::abs(whole) < kSmall) {
    return "";
  }
  const bool is_less = whole < 0;
  if (std::log(saving.epochs->value) / whole >= kMost) {
    return is_less ? ": it needs fewer epochs" : ": it needs more epochs";
  }
  if (saving.epoch_energy && std::log(saving.epoch_energy->value) / whole >= kMost) {
    return is_less ? ": its epochs are cheaper" : ": its epochs are dearer";
  }
  return "";
}

std::string why_text(const ParadigmSaving& saving) {
  if (!saving.epochs) {
    return "";
  }
  std::string sentence = "Why: number of epochs " + factor_text(*saving.epochs);
  if (saving.epoch_energy) {
    sentence += " · energy per epoch " + factor_text(*saving.epoch_energy) +
                " · start-up and rest " + factor_words(*saving.rest);
  }
  return wrapped(sentence + cause_words(saving));
}

}  // namespace

std::string saving_text(const SavingView& view) {
  if (!view.saving) {
    std::string text = "nothing to compare: no settings for which every kind has a run\n";
    for (const std::string& note : view.notes) {
      text += wrapped(note);
    }
    return text;
  }
  const ParadigmSaving& saving = *view.saving;
  const bool several = view.kinds.size() > 2;
  std::string text =
      fmt::format("energy of one training{}{}\n",
                  view.estimated ? ", estimated" : "",
                  saving.setups > 1 ? fmt::format(", means over {} setups", saving.setups)
                                    : ", means over its runs");
  text += kinds_table(view) + "\n";
  text += wrapped(fmt::format("{} needs {} than {}.",
                              printable(view.kinds.front()),
                              less_or_more(saving.energy),
                              several ? "the others together" : printable(view.kinds[1])));
  text += strength_text(saving.energy) + why_text(saving);
  if (saving.to_cheapest) {
    text += wrapped(fmt::format("It needs {} than the cheapest of them alone, {}.",
                                less_or_more(*saving.to_cheapest),
                                printable(view.kinds[saving.cheapest + 1])));
  }
  double others = 0;
  for (std::size_t kind = 1; kind < saving.energies_j.size(); ++kind) {
    others += saving.energies_j[kind];
  }
  if (const double saved = others - saving.energies_j.front(); saved > 0) {
    text += wrapped(fmt::format("Each training saves {}.", show_energy(saved))) +
            avoided_text({saved, std::nullopt}, view.rates);
  }
  if (view.metric) {
    text += metric_pair_text(*view.metric, view.kinds[0], view.kinds[1]);
  }
  return text + notes_text(view.notes);
}

}  // namespace gradwatt
