#include "report/comparison_words.h"

#include "base/expects.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

/// Twice as much is no longer said in percent.
constexpr double kTimes = 2;

std::string signed_number(double value, int decimals) {
  const std::string digits = fmt::format("{:.{}f}", std::abs(value), decimals);
  const bool zero = digits.find_first_not_of("0.") == std::string::npos;
  return (zero ? "" : value < 0 ? "−" : "+") + digits;
}

/// Digits behind the point that a number in a range of this width is worth.
int decimals_for(double value, const std::optional<Interval>& range) {
  if (range) {
    const double width = range->hi - range->lo;
    return width < 0.3 ? 2 : width < 3 ? 1 : 0;
  }
  return std::abs(value) < 10 ? 1 : 0;
}

std::optional<Interval> in_percent(const std::optional<Interval>& logs) {
  if (!logs) {
    return std::nullopt;
  }
  return Interval{100 * std::expm1(logs->lo), 100 * std::expm1(logs->hi)};
}

/// " [8, 16]": the bounds of a change in the direction in which it is told; "" without a range.
std::string range_words(double log_ratio, const std::optional<Interval>& range) {
  if (!range) {
    return "";
  }
  if (log_ratio > std::log(kTimes)) {
    return fmt::format(" [{:.2g}, {:.2g}]", std::exp(range->lo), std::exp(range->hi));
  }
  const Interval bounds = *in_percent(range);
  const int decimals = decimals_for(0, bounds);
  if (bounds.hi < 0) {
    return fmt::format(" [{:.{}f}, {:.{}f}]", -bounds.hi, decimals, -bounds.lo, decimals);
  }
  if (bounds.lo > 0) {
    return fmt::format(" [{:.{}f}, {:.{}f}]", bounds.lo, decimals, bounds.hi, decimals);
  }
  return fmt::format(
      " [{}, {}]", signed_number(bounds.lo, decimals), signed_number(bounds.hi, decimals));
}

/// "12 % less" without its range.
std::string size_words(double log_ratio, const std::optional<Interval>& range) {
  if (log_ratio > std::log(kTimes)) {
    return fmt::format("{:.2g} times as much", std::exp(log_ratio));
  }
  const double percent = 100 * std::expm1(log_ratio);
  const int decimals = decimals_for(percent, in_percent(range));
  const std::string digits = fmt::format("{:.{}f}", std::abs(percent), decimals);
  if (digits.find_first_not_of("0.") == std::string::npos) {
    return "about the same";
  }
  return fmt::format("{} % {}", digits, percent < 0 ? "less" : "more");
}

std::string runs_count(int runs) { return runs == 1 ? "one run" : fmt::format("{} runs", runs); }

/// "energy per epoch" as what somebody needs.
std::string needed_words(const ComparisonView& view, const QuantityContrast& headline) {
  return quantity_words(headline.quantity, view.comparison.line);
}

std::string repeats_words(const ComparisonView& view, const SideContrast& contrast, int more) {
  const bool settings = contrast.difference.over_blocks && !view.plan.paired;
  const char* what = settings ? (more == 1 ? "more setting" : "more settings")
                              : (more == 1 ? "more repeat of each" : "more repeats of each");
  return fmt::format("{} {}", more, what);
}

/// Beyond so many repeats it is cheaper to find out why they differ.
constexpr int kManyRepeats = 30;

std::string settle_words(const ComparisonView& view, const SideContrast& contrast) {
  const auto& least = contrast.more_for_size ? contrast.more_for_size : contrast.more_for_band;
  if (least.value_or(kManyRepeats + 1) > kManyRepeats) {
    return fmt::format(
        "More than {} more repeats of each would be needed: find out first why "
        "repeats differ so much, such as other programs on the machine{}.",
        kManyRepeats,
        view.plan.paired ? "" : ", or a drift, which --paired takes out");
  }
  const double band = 100 * view.plan.band;
  const auto& for_band = contrast.more_for_band;
  if (contrast.more_for_size && contrast.more_for_size != for_band) {
    return fmt::format("If the change is as large as it looks, about {} would show it{}.",
                       repeats_words(view, contrast, *contrast.more_for_size),
                       for_band && *for_band <= kManyRepeats
                           ? fmt::format("; about {} would settle a change of {:.3g} %",
                                         repeats_words(view, contrast, *for_band),
                                         band)
                           : "");
  }
  return fmt::format("About {} would settle whether it is {:.3g} % or more.",
                     repeats_words(view, contrast, for_band.value_or(*least)),
                     band);
}

/// ", at −1.8 points val_acc" for each metric that got worse beyond the band.
std::string price_words(const PairComparison& pair) {
  std::string words;
  for (const MetricContrast& metric : pair.metrics) {
    if (metric.beyond_band) {
      words += fmt::format(
          ", at {} of {}", metric_change_words(metric, false), printable(metric.metric.name));
    }
  }
  return words;
}

/// Why what the guard says of a metric may be chance; "" when it may not.
std::string doubt_words(const MetricContrast& metric) {
  const auto range = interval_of(metric.contrast.difference);
  if (!range) {
    return ", of too few runs for a range";
  }
  const bool includes_none = range->lo < 0 && range->hi > 0;
  const bool in_doubt = metric.beyond_band ? includes_none : !metric.within_shown;
  return in_doubt ? ", but the runs scatter too much to be sure" : "";
}

std::string once_words(const ComparisonView& view, const PairComparison& pair) {
  const QuantityContrast& headline = *headline_of(pair);
  const int n_of = headline.contrast.n_of;
  const int n_against = headline.contrast.n_against;
  return fmt::format(
      "{} looked {} in {}, once{}. From {} against {} nobody can tell this from "
      "chance: run each at least 3 times.",
      side_letter(pair.side),
      size_words(headline.contrast.difference.value, {}),
      needed_words(view, headline),
      price_words(pair),
      runs_count(n_of),
      runs_count(n_against));
}

}  // namespace

std::string side_letter(std::size_t side) {
  constexpr std::size_t kLetters = 26;
  return side < kLetters ? std::string(1, static_cast<char>('A' + side))
                         : fmt::format("S{}", side + 1);
}

std::string goal_line_words(const GoalLine& line) {
  return fmt::format(
      "{} {} {:.6g}", printable(line.metric), line.smaller_is_better ? "≤" : "≥", line.threshold);
}

std::string quantity_words(RunQuantity quantity, const std::optional<GoalLine>& line) {
  const std::string goal = line ? goal_line_words(*line) : "the goal";
  switch (quantity) {
    case RunQuantity::energy_to_goal:
      return "energy to " + goal;
    case RunQuantity::energy_per_epoch:
      return "energy per epoch";
    case RunQuantity::energy_total:
      return "energy in total";
    case RunQuantity::time_to_goal:
      return "time to " + goal;
    case RunQuantity::time_per_epoch:
      return "time per epoch";
    case RunQuantity::time_total:
      return "time in total";
    case RunQuantity::epochs_to_goal:
      return "epochs to " + goal;
    case RunQuantity::power_mean:
      return "mean power";
    case RunQuantity::gpu_hours:
      return "GPU hours";
  }
  expects(false, "a known quantity");
  return "";
}

std::string amount_words(RunQuantity quantity, double amount) {
  switch (quantity) {
    case RunQuantity::energy_to_goal:
    case RunQuantity::energy_per_epoch:
    case RunQuantity::energy_total:
      return show_energy(amount);
    case RunQuantity::time_to_goal:
    case RunQuantity::time_per_epoch:
    case RunQuantity::time_total:
      return show_duration(from_seconds(amount));
    case RunQuantity::power_mean:
      return show_power(Power{amount});
    case RunQuantity::epochs_to_goal:
    case RunQuantity::gpu_hours:
      return fmt::format("{:.3g}", amount);
  }
  expects(false, "a known quantity");
  return "";
}

std::string change_of_words(double log_ratio, const std::optional<Interval>& range) {
  return size_words(log_ratio, range) + range_words(log_ratio, range);
}

std::string metric_change_words(const MetricContrast& metric, bool with_range) {
  const SideContrast& contrast = metric.contrast;
  const bool share = !metric.metric.smaller_is_better && contrast.of >= 0 && contrast.of <= 1 &&
                     contrast.against >= 0 && contrast.against <= 1;
  const double scale = share ? 100 : 1;
  const double value = scale * contrast.difference.value;
  const int decimals = share ? 1 : std::abs(value) < 1 ? 3 : 1;
  const auto range = interval_of(contrast.difference);
  return signed_number(value, decimals) + (share ? " points" : "") +
         (range && with_range ? fmt::format(" [{}, {}]",
                                            signed_number(scale * range->lo, decimals),
                                            signed_number(scale * range->hi, decimals))
                              : "");
}

std::string finding_words(const QuantityContrast& quantity, const ComparisonPlan& plan) {
  const SideContrast& contrast = quantity.contrast;
  const auto range = interval_of(contrast.difference);
  std::string change = change_of_words(contrast.difference.value, range);
  switch (contrast.finding) {
    case ContrastFinding::less:
    case ContrastFinding::more:
      return change;
    case ContrastFinding::no_difference:
      return fmt::format("{}: no difference within {:.3g} %", change, 100 * plan.band);
    case ContrastFinding::not_settled:
      return change + ": not settled";
    case ContrastFinding::looked_once:
      return change + ", once";
    case ContrastFinding::no_scatter:
      return contrast.difference.value == 0 ? "the same in every run" : change + " in every run";
    case ContrastFinding::partly_reached:
      return change + " expected: some runs missed it";
  }
  expects(false, "a known finding");
  return "";
}

std::string guard_words(const MetricContrast& metric, const ComparisonPlan& plan) {
  const SideContrast& contrast = metric.contrast;
  const std::string judged =
      metric.beyond_band ? fmt::format("WORSE by more than the {:.3g} allowed", plan.accuracy_band)
      : metric.worse_by > 0
          ? fmt::format("worse by no more than the {:.3g} allowed", plan.accuracy_band)
          : "not worse";
  return fmt::format("accuracy: {} {}, {:.4g} against {:.4g} ({} value of each run): {}{}",
                     printable(metric.metric.name),
                     metric_change_words(metric, true),
                     contrast.of,
                     contrast.against,
                     metric.metric.of == MetricOf::best ? "best" : "last",
                     judged,
                     doubt_words(metric));
}

std::string missed_words(const ComparisonView& view, const PairComparison& pair) {
  if (!view.comparison.line) {
    return "";
  }
  for (const std::size_t side : {std::size_t{0}, pair.side}) {
    if (view.comparison.sides[side].reached == 0) {
      return fmt::format(
          "{} never reached {}: what it would need for that is not known, and what "
          "follows is not for equal accuracy.",
          side_letter(side),
          goal_line_words(*view.comparison.line));
    }
  }
  const SideContrast* to_goal = pair.find(RunQuantity::energy_to_goal);
  if (to_goal != nullptr && to_goal->blocks_lost > 0) {
    return fmt::format(
        "In {} of {} settings only one side reached {}: they are not in the numbers "
        "to the goal.",
        to_goal->blocks_lost,
        to_goal->blocks + to_goal->blocks_lost,
        goal_line_words(*view.comparison.line));
  }
  return "";
}

std::string verdict_words(const ComparisonView& view, const PairComparison& pair) {
  const QuantityContrast* headline = headline_of(pair);
  if (headline == nullptr) {
    return "No energy is known of both sides: gradwatt doctor says what can be measured.";
  }
  const SideContrast& contrast = headline->contrast;
  const std::string side = side_letter(pair.side);
  const std::string what = needed_words(view, *headline);
  const auto range = interval_of(contrast.difference);
  const std::string change = change_of_words(contrast.difference.value, range);
  switch (contrast.finding) {
    case ContrastFinding::less:
    case ContrastFinding::more:
      return fmt::format("{} uses {} {} {} A{}{}.",
                         side,
                         size_words(contrast.difference.value, range),
                         what,
                         contrast.difference.value > std::log(kTimes) ? "as" : "than",
                         range_words(contrast.difference.value, range),
                         price_words(pair));
    case ContrastFinding::no_difference:
      return fmt::format("{} and A need the same {}: no difference within {:.3g} %{}.",
                         side,
                         what,
                         100 * view.plan.band,
                         price_words(pair));
    case ContrastFinding::not_settled:
      return fmt::format("Not settled whether {} or A needs less {}: {}{}. {}",
                         side,
                         what,
                         change,
                         price_words(pair),
                         settle_words(view, contrast));
    case ContrastFinding::looked_once:
      return once_words(view, pair);
    case ContrastFinding::no_scatter:
      return fmt::format("{}: {} in {}{}. The repeats gave equal numbers, so there is no range.",
                         side,
                         contrast.difference.value == 0 ? "no difference" : change,
                         what,
                         price_words(pair));
    case ContrastFinding::partly_reached:
      return fmt::format(
          "Not every run reached the goal. Tried until it does, {} is expected to "
          "need {} {} {} A{}; there is no range.",
          side,
          change,
          what,
          contrast.difference.value > std::log(kTimes) ? "as" : "than",
          price_words(pair));
  }
  expects(false, "a known finding");
  return "";
}

}  // namespace gradwatt
