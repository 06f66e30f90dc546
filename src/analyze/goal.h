#pragma once

#include "analyze/table.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gradwatt {

/// A goal with its threshold as a number.
struct GoalLine {
  std::string metric;
  double threshold = 0;
  bool smaller_is_better = false;
};

/// Reads "val_acc>=0.9", "val_loss<=0.3", "val_acc best-0.01" and, for what has to be small,
/// "val_loss best+0.01". Spaces around the signs do not matter; ≥ and ≤ are signs as well.
/// Throws UsageError with these forms when `text` is none of them.
[[nodiscard]] Goal parse_goal(std::string_view text);

/// The goal as a threshold. "Within d of the best" counts from the best value that any finished
/// run reached. nullopt when no run has the metric.
/// Example  best-0.01 with runs that reached 0.90 and 0.93 is >= 0.92.
[[nodiscard]] std::optional<GoalLine> goal_line(const Goal& goal, std::span<const RunRow> runs);

/// Whether the epoch's metric reaches the line. A metric that is absent or no number does not.
[[nodiscard]] bool reaches(const EpochRow& epoch, const GoalLine& line);
[[nodiscard]] bool reaches(double value, const GoalLine& line);

/// The best value of a metric that a run had: over its epochs, else of the run as a whole. nullopt
/// when it has none that is finite.
[[nodiscard]] std::optional<double> best_value(const RunRow& run,
                                               const std::string& metric,
                                               bool smaller_is_better);

/// Whether a metric of this name is one that training makes small: "loss", "val_loss", "error",
/// "perplexity", "mse", "mae", "rmse".
[[nodiscard]] bool sounds_like_a_loss(std::string_view metric);

}  // namespace gradwatt
