#include "analyze/goal.h"

#include "base/error.h"
#include "base/file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace gradwatt {
namespace {

struct Sign {
  std::string_view text;
  bool is_distance;
  bool smaller_is_better;
};
constexpr std::array<Sign, 6> kSigns{{{">=", false, false},
                                      {"≥", false, false},
                                      {"<=", false, true},
                                      {"≤", false, true},
                                      {" best-", true, false},
                                      {" best+", true, true}}};

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<double> value_in(const std::map<std::string, double>& metrics,
                               const std::string& metric) {
  const auto found = metrics.find(metric);
  const bool known = found != metrics.end() && std::isfinite(found->second);
  return known ? std::optional(found->second) : std::nullopt;
}

}  // namespace

Goal parse_goal(std::string_view text) {
  for (const Sign& sign : kSigns) {
    const std::size_t at = text.find(sign.text);
    if (at == std::string_view::npos) {
      continue;
    }
    const auto number = number_in(trimmed(text.substr(at + sign.text.size())));
    const std::string metric(trimmed(text.substr(0, at)));
    const bool backwards = sign.is_distance && number && *number < 0;
    if (metric.empty() || metric.find(' ') != std::string::npos || !number || backwards) {
      break;
    }
    Goal goal{metric, std::nullopt, std::nullopt, sign.smaller_is_better};
    (sign.is_distance ? goal.best_minus : goal.reach) = number;
    return goal;
  }
  throw UsageError("'" + std::string(text) + "' is not a goal",
                   "--goal",
                   "write 'val_acc>=0.9', 'val_loss<=0.3', 'val_acc best-0.01' or "
                   "'val_loss best+0.01'");
}

std::optional<double> best_value(const RunRow& run,
                                 const std::string& metric,
                                 bool smaller_is_better) {
  const double sign = smaller_is_better ? -1 : 1;
  std::optional<double> best;
  for (const EpochRow& epoch : run.epochs) {
    const auto value = value_in(epoch.metrics, metric);
    if (value && (!best || sign * *value > sign * *best)) {
      best = value;
    }
  }
  return best ? best : value_in(run.metrics, metric);
}

std::optional<GoalLine> goal_line(const Goal& goal, std::span<const RunRow> runs) {
  const double sign = goal.smaller_is_better ? -1 : 1;
  std::optional<double> best;
  bool told = false;
  for (const RunRow& run : runs) {
    if (run.outcome != RunOutcome::finished) {
      continue;
    }
    told = told || (run.epochs.empty() && run.reached);
    const auto value = best_value(run, goal.metric, goal.smaller_is_better);
    if (value && (!best || sign * *value > sign * *best)) {
      best = value;
    }
  }
  if (!best && !(told && goal.reach)) {
    return std::nullopt;
  }
  const double threshold = goal.reach ? *goal.reach : *best - sign * goal.best_minus.value_or(0);
  return GoalLine{goal.metric, threshold, goal.smaller_is_better};
}

bool reaches(double value, const GoalLine& line) {
  return line.smaller_is_better ? value <= line.threshold : value >= line.threshold;
}

bool reaches(const EpochRow& epoch, const GoalLine& line) {
  const auto value = value_in(epoch.metrics, line.metric);
  return value && reaches(*value, line);
}

bool sounds_like_a_loss(std::string_view metric) {
  constexpr std::array<std::string_view, 6> kLosses{
      "loss", "error", "perplexity", "mse", "mae", "rmse"};
  return std::any_of(kLosses.begin(), kLosses.end(), [&](std::string_view word) {
    return metric == word || metric.ends_with("_" + std::string(word));
  });
}

}  // namespace gradwatt
