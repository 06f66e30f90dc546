#include "report/carbon_words.h"
#include "report/columns.h"
#include "report/reuse_view.h"
#include "report/study_words.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradwatt {
namespace {

constexpr std::size_t kPictureWidth = 40;

std::string trainings_words(double cycles) {
  return fmt::format("{:.0f} training{}", cycles, cycles == 1 ? "" : "s");
}

std::string reuse_runs_words(int n) { return fmt::format("{} {}", n, n == 1 ? "run" : "runs"); }

/// Means over the setups, none of which has a scatter then; of one setup, its own.
EncoderReuse mean_reuse(const ReuseView& view) {
  if (view.setups.size() == 1) {
    return view.setups.front().energies;
  }
  EncoderReuse mean;
  const auto n = static_cast<double>(view.setups.size());
  for (const ReuseSetup& setup : view.setups) {
    mean.encoder_j.value += setup.energies.encoder_j.value / n;
    mean.joint_j.value += setup.energies.joint_j.value / n;
    mean.classifier_j.value += setup.energies.classifier_j.value / n;
    mean.encoder_j.n += setup.energies.encoder_j.n;
    mean.joint_j.n += setup.energies.joint_j.n;
    mean.classifier_j.n += setup.energies.classifier_j.n;
  }
  return mean;
}

std::string energies_text(const ReuseView& view) {
  const EncoderReuse mean = mean_reuse(view);
  const double saved = mean.joint_j.value - mean.classifier_j.value;
  const std::string difference =
      fmt::format("each time: {} {}", show_energy(std::abs(saved)), saved > 0 ? "less" : "more");
  const auto row = [](const char* what, const RepeatedMean& energy, const std::string& when) {
    return std::vector<std::string>{
        what, show_energy(energy.value), reuse_runs_words(energy.n), when};
  };
  return indented(aligned({row("pretraining", mean.encoder_j, "once"),
                           row("from scratch", mean.joint_j, "each time"),
                           row("with the encoder", mean.classifier_j, difference)},
                          {false, true, true, false}));
}

std::string limits_words(const BreakEven& even) {
  if (!even.lo) {
    return "";
  }
  return even.hi ? fmt::format("[{}, {}]", three_digits(*even.lo), three_digits(*even.hi))
                 : fmt::format("[{}, never]", three_digits(*even.lo));
}

std::string setups_table(const ReuseView& view) {
  std::vector<std::vector<std::string>> rows{
      {"setup", "pretraining", "scratch", "encoder", "pays off after", "exactly", "95 % limits"}};
  for (std::size_t i = 0; i < view.setups.size(); ++i) {
    const EncoderReuse& energies = view.setups[i].energies;
    const BreakEven& even = view.summary.setups[i];
    rows.push_back({view.setups[i].name,
                    show_energy(energies.encoder_j.value),
                    show_energy(energies.joint_j.value),
                    show_energy(energies.classifier_j.value),
                    even.cycles ? trainings_words(whole_cycles(*even.cycles)) : "never",
                    even.cycles ? three_digits(*even.cycles) : "",
                    limits_words(even)});
  }
  return indented(aligned(rows, {false, true, true, true, true, true, false}));
}

std::string extremes_text(const ReuseView& view) {
  const BreakEvenSummary& summary = view.summary;
  std::string text;
  for (const auto& [name, index] :
       {std::pair("soonest", summary.best), std::pair("latest", summary.worst)}) {
    if (index) {
      text += fmt::format("  {:<8} {}, {}\n",
                          name,
                          trainings_words(whole_cycles(*summary.setups[*index].cycles)),
                          view.setups[*index].name);
    }
  }
  if (summary.never > 0) {
    text += fmt::format("  never    {} of {} setups\n", summary.never, summary.setups.size());
  }
  if (summary.mean_of_ratios) {
    text += fmt::format("  mean     {} trainings, over the setups that pay off\n",
                        three_digits(*summary.mean_of_ratios));
  }
  return text + "\non average over all setups (mean energies)\n";
}

/// Costs until the lower limit, can be either between the limits, saves behind the upper one.
std::string picture_text(const ReuseView& view) {
  const BreakEven& even = *view.summary.average;
  if (!even.cycles && !even.lo) {
    return "";
  }
  const double lo = even.lo.value_or(even.cycles.value_or(0));
  const double hi =
      even.lo ? even.hi.value_or(std::numeric_limits<double>::infinity()) : even.cycles.value_or(0);
  double last = 2 * even.cycles.value_or(lo);
  last = std::max({last, std::isfinite(hi) ? 1.3 * hi : 0.0, view.cycles.value_or(0), 2.0});
  last = std::ceil(last);
  std::string bar;
  for (std::size_t i = 0; i < kPictureWidth; ++i) {
    const double cycles = last * (static_cast<double>(i) + 0.5) / kPictureWidth;
    bar += cycles < lo ? "░" : cycles < hi ? "▒" : "█";
  }
  std::string legend;
  for (const auto& [sign, meaning] :
       {std::pair("░", "costs more"), std::pair("▒", "can be either"), std::pair("█", "saves")}) {
    if (bar.find(sign) != std::string::npos) {
      legend += fmt::format("  {} {}", sign, meaning);
    }
  }
  return fmt::format("  trainings 0 {} {:.0f} {}\n", bar, last, legend);
}

std::string pays_off_text(const BreakEven& even) {
  std::string text =
      wrapped(fmt::format("Pretraining has paid off after {} with the encoder (exactly {}).",
                          trainings_words(whole_cycles(*even.cycles)),
                          three_digits(*even.cycles)));
  if (even.lo) {
    return text + wrapped(fmt::format("Very likely (95 %) between {} and {} trainings.",
                                      three_digits(*even.lo),
                                      three_digits(*even.hi)));
  }
  return text + wrapped(
                    "How sure that is, is not known: run each of the three at least twice (or give "
                    "all repeats).");
}

std::string not_established_text(const BreakEven& even, bool several_setups) {
  const char* cause = several_setups ? "the setups differ too much" : "repeats scatter too much";
  std::string text = wrapped(
      even.cycles
          ? fmt::format("Whether pretraining pays off is not established: by the means after {}, "
                        "but {} to rule out never.",
                        trainings_words(whole_cycles(*even.cycles)),
                        cause)
          : fmt::format("Whether pretraining pays off is not established: by the means never, but "
                        "{} to be sure.",
                        cause));
  if (*even.lo > 0) {
    text += wrapped(fmt::format("Sure (95 %) is only: not before {}.", three_digits(*even.lo)));
  }
  return text +
         wrapped(several_setups
                     ? "To do: choose a setup above and look at its own line; repeats give it "
                       "limits."
                     : "To do: repeat the trainings from scratch and with the encoder, until their "
                       "difference stands out.");
}

std::string answer_text(const ReuseView& view) {
  const BreakEven& even = *view.summary.average;
  switch (even.answer) {
    case BreakEvenAnswer::pays_off:
      return pays_off_text(even);
    case BreakEvenAnswer::not_established:
      return not_established_text(even, view.setups.size() > 1);
    case BreakEvenAnswer::never:
      break;
  }
  return wrapped(
             "Pretraining never pays off: a training with the encoder needs no less than one from "
             "scratch.") +
         (even.lo ? ""
                  : wrapped("To do: train from scratch, or make the second stage cheaper "
                            "(fewer epochs, frozen encoder)."));
}

std::string net_text(const ReuseView& view) {
  if (!view.net) {
    return "";
  }
  const Estimate& net = *view.net;
  const auto amount = [](double joules) {
    return fmt::format("{} {}", show_energy(std::abs(joules)), joules < 0 ? "more" : "less");
  };
  std::string sentence = fmt::format(
      "After {}: {} than from scratch", trainings_words(*view.cycles), amount(net.value));
  if (net.interval) {
    const auto [lo, hi] = *net.interval;
    const bool settled = lo > 0 || hi < 0;
    const auto [from, to] = std::minmax({std::abs(lo), std::abs(hi)});
    sentence += fmt::format(" (95 %: {} to {})",
                            settled ? show_energy(from) : amount(lo),
                            settled ? show_energy(to) : amount(hi));
    sentence += settled ? (net.value > 0 ? ": pretrain." : ": do not pretrain for that many.")
                : view.setups.size() > 1 ? ": not settled, the setups differ too much."
                                         : ": not settled, repeat the runs.";
  } else {
    sentence += ".";
  }
  return wrapped(sentence) +
         (net.value > 0 ? avoided_text({net.value, net.interval}, view.rates) : "");
}

}  // namespace

std::string reuse_text(const ReuseView& view) {
  if (view.setups.empty()) {
    std::string text = "nothing to compare: no settings for which all three kinds have a run\n";
    for (const std::string& note : view.notes) {
      text += wrapped(note);
    }
    return text;
  }
  std::string text = fmt::format(
      "energy of pretraining an encoder once and using it, against "
      "training from scratch{}\n",
      view.estimated ? ", estimated" : "");
  if (view.setups.size() > 1) {
    text += setups_table(view) + extremes_text(view);
  }
  text += energies_text(view) + "\n" + answer_text(view) + picture_text(view) + net_text(view);
  if (view.metric) {
    text += metric_pair_text(*view.metric, "with the encoder", "from scratch");
  }
  return text + notes_text(view.notes);
}

}  // namespace gradwatt
