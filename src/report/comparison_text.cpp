#include "report/comparison_text.h"

#include "report/columns.h"
#include "report/comparison_words.h"
#include "units/show.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

std::string left_out_words(const ComparedSide& side) {
  std::string words;
  if (side.failed > 0) {
    words += fmt::format(", {} failed and left out", side.failed);
  }
  if (side.unfinished > 0) {
    words += fmt::format(", {} not finished and left out", side.unfinished);
  }
  return words;
}

std::string sides_text(const ComparisonView& view) {
  std::vector<std::vector<std::string>> rows;
  const auto& sides = view.comparison.sides;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const std::size_t runs = sides[i].runs.size();
    std::string what = runs == 1 ? "1 run" : fmt::format("{} runs", runs);
    if (view.comparison.line && sides[i].reached < static_cast<int>(runs)) {
      what += fmt::format(", {} reached the goal", sides[i].reached);
    }
    rows.push_back({side_letter(i),
                    printable(sides[i].name),
                    what + left_out_words(sides[i]) +
                        (sides[i].estimated ? ", energy estimated by a model" : "")});
  }
  return aligned(rows, {});
}

std::string blocks_sentence(const ComparisonView& view, const PairComparison& pair) {
  const auto& factors = view.comparison.block_factors;
  std::vector<std::string> equal;
  for (const std::string& factor : factors) {
    equal.push_back(printable(factor));
  }
  if (view.plan.paired) {
    equal.emplace_back("repeat");
  }
  if (equal.empty()) {
    return "";
  }
  if (pair.nothing_equal) {
    return wrapped(fmt::format("the sides ran at no equal {}: what that does is in the change",
                               fmt::join(equal, ", ")));
  }
  std::string sentence = fmt::format("compared at equal {}: {} {}, averaged",
                                     fmt::join(equal, ", "),
                                     pair.blocks,
                                     pair.blocks == 1 ? "setting" : "settings");
  if (pair.blocks_apart > 0) {
    sentence += fmt::format("; {} that only one side has {} left out",
                            pair.blocks_apart,
                            pair.blocks_apart == 1 ? "is" : "are");
  }
  return wrapped(sentence);
}

std::string metric_row_words(const MetricContrast& metric) {
  const std::string change = metric_change_words(metric, true);
  return metric.contrast.finding == ContrastFinding::looked_once   ? change + ", once"
         : metric.contrast.finding == ContrastFinding::not_settled ? change + ": not settled"
                                                                   : change;
}

std::string pair_table(const ComparisonView& view, const PairComparison& pair) {
  std::vector<std::vector<std::string>> rows{
      {"", "A", side_letter(pair.side), side_letter(pair.side) + " against A"}};
  for (const QuantityContrast& one : pair.quantities) {
    const SideContrast& contrast = one.contrast;
    std::string finding = finding_words(one, view.plan);
    if (contrast.blocks_lost > 0) {
      finding += fmt::format(
          " ({} of {} settings)", contrast.blocks, contrast.blocks + contrast.blocks_lost);
    }
    rows.push_back({quantity_words(one.quantity, std::nullopt),
                    amount_words(one.quantity, contrast.against),
                    amount_words(one.quantity, contrast.of),
                    finding});
  }
  for (const MetricContrast& metric : pair.metrics) {
    rows.push_back({printable(metric.metric.name),
                    fmt::format("{:.4g}", metric.contrast.against),
                    fmt::format("{:.4g}", metric.contrast.of),
                    metric_row_words(metric)});
  }
  return aligned(rows, {false, true, true, false});
}

std::string split_sentence(const PairComparison& pair) {
  if (!pair.split) {
    return "";
  }
  const auto part = [](double factor) { return change_of_words(std::log(factor), {}); };
  return wrapped(
      fmt::format("because: energy per epoch {} · number of epochs {} · start-up and "
                  "rest {}",
                  part(pair.split->epoch_energy.value),
                  part(pair.split->epochs.value),
                  part(pair.split->rest)));
}

/// Says when the average over settings hides that they disagree.
std::string disagreement(const ComparisonView& view, const PairComparison& pair) {
  const QuantityContrast* headline = headline_of(pair);
  if (headline == nullptr || !headline->contrast.of_block || view.plan.paired) {
    return "";
  }
  const Interval& range = *headline->contrast.of_block;
  const double band = std::log1p(view.plan.band);
  if (range.lo > -band || range.hi < band) {
    return "";
  }
  return wrapped(fmt::format("the settings disagree: from {} to {}; look at each of them",
                             change_of_words(range.lo, {}),
                             change_of_words(range.hi, {})));
}

std::string order_sentence(const PairComparison& pair) {
  if (pair.measured_apart != true) {
    return "";
  }
  return wrapped(
      "one side was measured as a whole before the other: what changed on the machine meanwhile is "
      "in the change too; run them in turns (a sweep does) to rule that out");
}

std::string pair_text(const ComparisonView& view, const PairComparison& pair) {
  std::string text = pair_table(view, pair) + "\n";
  if (const std::string missed = missed_words(view, pair); !missed.empty()) {
    text += wrapped(missed);
  }
  text += wrapped(verdict_words(view, pair));
  text += split_sentence(pair);
  for (const MetricContrast& metric : pair.metrics) {
    text += wrapped(guard_words(metric, view.plan));
  }
  return text + disagreement(view, pair) + blocks_sentence(view, pair) + order_sentence(pair);
}

std::string condition_line(const JudgedCondition& judged, const ConditionOutcome& outcome) {
  const std::string side = side_letter(outcome.side);
  const std::string text = printable(judged.condition.text);
  if (!outcome.met) {
    return wrapped(fmt::format(
        "unknown: '{}' cannot be judged: {} and A do not both have this number", text, side));
  }
  const char* alone = ", by the number alone (there is no range, or --fail-on point)";
  return wrapped(fmt::format("{}: '{}' is {} for {} against A{}",
                             *outcome.met ? "FAILED" : "passed",
                             text,
                             outcome.by_interval ? (*outcome.met ? "shown" : "not shown")
                                                 : (*outcome.met ? "so" : "not so"),
                             side,
                             outcome.by_interval ? "" : alone));
}

std::string conditions_text(const ComparisonView& view) {
  std::string text;
  for (const JudgedCondition& judged : view.conditions) {
    for (const ConditionOutcome& outcome : judged.outcomes) {
      text += condition_line(judged, outcome);
    }
  }
  return text.empty() ? "" : "\nconditions\n" + text;
}

std::string notes_text(const ComparisonView& view) {
  std::string text;
  const bool ranges = std::any_of(
      view.comparison.pairs.begin(), view.comparison.pairs.end(), [](const PairComparison& pair) {
        const QuantityContrast* headline = headline_of(pair);
        return headline != nullptr && interval_of(headline->contrast.difference).has_value();
      });
  if (ranges) {
    text += wrapped(
        "[ ] is the range of the change: it holds the true one in 19 of 20 comparisons like this");
  }
  if (view.comparison.pairs.size() > 1) {
    text += wrapped(
        "with several sides a change counts as shown only when it would not be "
        "expected from so many looks");
  }
  if (view.plan.metrics.empty() && !view.metrics_there.empty()) {
    text += wrapped(fmt::format("accuracy is not compared: --metric {} does",
                                printable(view.metrics_there.front())));
  }
  for (const EnvironmentDifference& difference : view.differences) {
    text += wrapped(fmt::format("not the same: {}: {} ({}), {} (A)",
                                printable(difference.name),
                                printable(difference.of),
                                side_letter(difference.side),
                                printable(difference.against)));
  }
  return text.empty() ? "" : "\nto know\n" + text;
}

}  // namespace

std::string comparison_as_text(const ComparisonView& view) {
  std::string text = sides_text(view);
  if (view.comparison.line) {
    text += "goal: " + goal_line_words(*view.comparison.line) + "\n";
  }
  for (const PairComparison& pair : view.comparison.pairs) {
    text += "\n" + pair_text(view, pair);
  }
  return text + conditions_text(view) + notes_text(view);
}

std::string difference_lines(const std::vector<EnvironmentDifference>& differences) {
  std::string lines;
  for (const EnvironmentDifference& difference : differences) {
    lines += fmt::format("{}{}: {} (A), {} ({})",
                         lines.empty() ? "" : "; ",
                         printable(difference.name),
                         printable(difference.against),
                         printable(difference.of),
                         side_letter(difference.side));
  }
  return lines;
}

}  // namespace gradwatt
