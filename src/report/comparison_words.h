#pragma once

#include "report/comparison_view.h"

#include <optional>
#include <string>

namespace gradwatt {

/// "A" for the first side, "B" for the second; after "Z" comes "S27".
[[nodiscard]] std::string side_letter(std::size_t side);

/// "val_acc ≥ 0.9".
[[nodiscard]] std::string goal_line_words(const GoalLine& line);

/// "energy per epoch", "energy to val_acc ≥ 0.9".
[[nodiscard]] std::string quantity_words(RunQuantity quantity, const std::optional<GoalLine>& line);

/// A number of that quantity: "1.23 kJ", "850 ms", "312 W", "8.5".
[[nodiscard]] std::string amount_words(RunQuantity quantity, double amount);

/// A change of a quantity, of which the logarithm is given, with as many digits as its range is
/// worth: "12 % less [8, 16]", "3.2 times as much [2.9, 3.6]", "about the same [−2, +1]".
/// Example  ln 0.88 in [ln 0.84, ln 0.92] is "12 % less [8, 16]".
[[nodiscard]] std::string change_of_words(double log_ratio, const std::optional<Interval>& range);

/// A change of a metric: "−1.8 points [−2.9, −0.7]" of one between 0 and 1, else "+0.31".
[[nodiscard]] std::string metric_change_words(const MetricContrast& metric, bool with_range);

/// What a line of the table says: the change and whether it is one.
[[nodiscard]] std::string finding_words(const QuantityContrast& quantity,
                                        const ComparisonPlan& plan);

/// What the accuracy guard says, as one sentence.
[[nodiscard]] std::string guard_words(const MetricContrast& metric, const ComparisonPlan& plan);

/// Who did not reach the goal, as one sentence; "" when both did wherever they ran.
[[nodiscard]] std::string missed_words(const ComparisonView& view, const PairComparison& pair);

/// What a pair says about its most important number, as one or two sentences a reader can act on.
[[nodiscard]] std::string verdict_words(const ComparisonView& view, const PairComparison& pair);

}  // namespace gradwatt
