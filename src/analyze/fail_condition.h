#pragma once

#include "analyze/run_comparison.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// What must not come out of a comparison.
struct FailCondition {
  std::string text;                     ///< As it was written.
  std::optional<RunQuantity> quantity;  ///< Absent: the condition is about `metric`.
  std::string metric;
  bool above = true;  ///< What fails is above the limit; else below.
  double limit = 0;   ///< A difference: of logarithms for a quantity.
};

/// Reads "energy_per_epoch > +5%", "time_total<-10 %", "val_acc < -0.01": a quantity's name or a
/// metric's, a sign (> >= < <=) and the change against the first side, in % for quantities and
/// absolute for metrics.
/// Throws  UsageError with such examples when `text` is none.
/// Example  "energy_per_epoch > +5%" has the limit ln 1.05.
[[nodiscard]] FailCondition parse_fail_condition(std::string_view text);

/// What has to be beyond the limit: the whole interval, or the number itself.
enum class FailOn { interval, point };

/// Whether one side meets a condition.
struct ConditionOutcome {
  std::size_t side = 1;
  std::optional<bool> met;   ///< Absent: the number is not known, so nobody can tell.
  bool by_interval = false;  ///< false: judged by the number alone.
};

/// Judges a condition for each side but the first. By interval it is met when that it is so is
/// shown at 5 % (two-sided, corrected over the sides after Holm): with two sides, when the 95 %
/// interval is beyond the limit. Where there is no interval, the number itself decides.
[[nodiscard]] std::vector<ConditionOutcome> outcomes_of(const FailCondition& condition,
                                                        const RunComparison& comparison,
                                                        FailOn fail_on);

}  // namespace gradwatt
