#pragma once

#include "units/energy.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gradwatt {

/// A condition on a metric of a training: "val_acc>=0.85".
struct MetricBound {
  std::string metric;
  bool is_at_least = true;  ///< Else at most.
  double value = 0;
};

/// When a run is to be stopped, as text:
///
///   [LABEL:] WHAT [unless METRIC>=VALUE]
///
/// WHAT is `energy>120J` (what was measured so far), `epochs>=5` (epochs that have ended) or a
/// metric, `val_acc>=0.85`, `val_loss<=0.3`, which counts when its epoch has ended. After `unless`
/// stands a bound that, met in any epoch so far, makes the rule void.
/// Example  "lag: energy>60J unless val_acc>=0.7" stops at 60 J a run that never had 0.7.
struct StopRule {
  std::string text;   ///< As given.
  std::string label;  ///< Empty: none.
  std::optional<Energy> energy;
  std::optional<int> epochs;
  std::optional<MetricBound> reaches;
  std::optional<MetricBound> unless;
};

/// Throws UsageError when `text` is no rule.
[[nodiscard]] StopRule parse_stop_rule(std::string_view text);

/// What is known of a run while it goes on.
struct RunProgress {
  std::optional<Energy> energy;
  int epochs = 0;
  /// Of each metric the least and the greatest value in the epochs that ended.
  struct Range {
    double least = 0;
    double most = 0;
  };
  std::map<std::string, Range, std::less<>> metrics;
};

/// Whether a rule says to stop. What is not known stops nothing.
[[nodiscard]] bool says_stop(const StopRule& rule, const RunProgress& progress);

}  // namespace gradwatt
