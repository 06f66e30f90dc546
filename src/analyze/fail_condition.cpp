#include "analyze/fail_condition.h"

#include "analyze/holm.h"
#include "analyze/setup_comparison.h"
#include "base/error.h"
#include "base/file.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace gradwatt {
namespace {

constexpr const char* kConditionForms =
    "write for instance 'energy_per_epoch > +5%', 'time_total > 10%' or, for a metric, "
    "'val_acc < -0.01'; quantities: energy_to_goal, energy_per_epoch, energy_total, time_to_goal, "
    "time_per_epoch, time_total, epochs_to_goal, power_mean, gpu_hours";

UsageError no_condition(const std::string& why) {
  return UsageError(why, "--fail-if", kConditionForms);
}

std::optional<double> signed_number_in(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

double limit_in(const FailCondition& condition, std::string_view text) {
  const bool percent = text.ends_with('%');
  if (percent) {
    text.remove_suffix(1);
  }
  const auto number = signed_number_in(trimmed(text));
  if (!number) {
    throw no_condition("'" + condition.text + "' has no number to compare with");
  }
  if (!condition.quantity) {
    if (percent) {
      throw no_condition("'" + condition.text + "': the change of a metric is a difference, not %");
    }
    return *number;
  }
  if (!percent || *number <= -100) {
    throw no_condition("'" + condition.text +
                       "': the change of a quantity is in % and above -100%");
  }
  return std::log1p(*number / 100);
}

const SideContrast* contrast_for(const PairComparison& pair, const FailCondition& condition) {
  if (condition.quantity) {
    return pair.find(*condition.quantity);
  }
  const MetricContrast* metric = pair.find(condition.metric);
  return metric == nullptr ? nullptr : &metric->contrast;
}

}  // namespace

FailCondition parse_fail_condition(std::string_view text) {
  FailCondition condition;
  condition.text = std::string(trimmed(text));
  const std::size_t sign = condition.text.find_first_of("<>");
  const std::string name(trimmed(std::string_view(condition.text).substr(0, sign)));
  if (sign == std::string::npos || name.empty() || name.find(' ') != std::string::npos) {
    throw no_condition("'" + condition.text + "' is no condition");
  }
  condition.above = condition.text[sign] == '>';
  condition.quantity = run_quantity_named(name);
  if (!condition.quantity) {
    condition.metric = name;
  }
  const bool or_equal = condition.text.compare(sign + 1, 1, "=") == 0;
  const std::string_view rest = std::string_view(condition.text).substr(sign + (or_equal ? 2 : 1));
  condition.limit = limit_in(condition, trimmed(rest));
  return condition;
}

std::vector<ConditionOutcome> outcomes_of(const FailCondition& condition,
                                          const RunComparison& comparison,
                                          FailOn fail_on) {
  std::vector<ConditionOutcome> outcomes;
  std::vector<double> p_values;
  for (const PairComparison& pair : comparison.pairs) {
    ConditionOutcome outcome{pair.side, std::nullopt, false};
    if (const SideContrast* contrast = contrast_for(pair, condition)) {
      const double value = contrast->difference.value;
      outcome.met = condition.above ? value > condition.limit : value < condition.limit;
      const auto p = condition.above ? p_above(contrast->difference, condition.limit)
                                     : p_below(contrast->difference, condition.limit);
      if (p && fail_on == FailOn::interval) {
        outcome.by_interval = true;
        p_values.push_back(std::min(1.0, 2 * *p));
      }
    }
    outcomes.push_back(outcome);
  }
  const std::vector<double> corrected = holm_adjusted(p_values);
  auto next = corrected.begin();
  for (ConditionOutcome& outcome : outcomes) {
    if (outcome.by_interval) {
      outcome.met = *next++ < kSignificant;
    }
  }
  return outcomes;
}

}  // namespace gradwatt
