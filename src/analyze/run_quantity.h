#pragma once

#include "analyze/goal.h"
#include "analyze/table.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace gradwatt {

/// What runs are compared by: positive numbers, whose ratios mean something.
enum class RunQuantity {
  energy_to_goal,
  energy_per_epoch,
  energy_total,
  time_to_goal,
  time_per_epoch,
  time_total,
  epochs_to_goal,
  power_mean,
  gpu_hours,
};

/// In the order in which reports show them.
inline constexpr std::array kRunQuantities{RunQuantity::energy_to_goal,
                                           RunQuantity::energy_per_epoch,
                                           RunQuantity::energy_total,
                                           RunQuantity::time_to_goal,
                                           RunQuantity::time_per_epoch,
                                           RunQuantity::time_total,
                                           RunQuantity::epochs_to_goal,
                                           RunQuantity::power_mean,
                                           RunQuantity::gpu_hours};

/// As JSON and conditions name it: "energy_per_epoch".
[[nodiscard]] const char* name_of(RunQuantity quantity);
[[nodiscard]] std::optional<RunQuantity> run_quantity_named(std::string_view name);

/// Whether it is counted until the goal is reached.
[[nodiscard]] bool is_to_goal(RunQuantity quantity);

/// A run's number: J, s, W, epochs or hours.
///
///   per epoch    mean of the complete epochs without the first, as energy_per_epoch()
///   to the goal  up to the first epoch that reaches it, with all that lies outside epochs; of a
///                run of which no epochs are told, all of it when `reached` or its metric says so
///   power_mean   energy in total / time in total
///
/// Takes    line: absent when there is no goal, or nothing has its metric.
/// Returns  nullopt when it is not known, not positive, or the goal was not reached.
/// Example  Epochs of 150, 100 and 104 J, 3, 2 and 2 s, in 10 s and 400 J in all: 102 J and 2 s per
///          epoch, 40 W.
[[nodiscard]] std::optional<double> value_of(const RunRow& run,
                                             RunQuantity quantity,
                                             const std::optional<GoalLine>& line);

/// Whether a finished run reached the goal; nullopt when nobody can tell.
[[nodiscard]] std::optional<bool> has_reached(const RunRow& run,
                                              const std::optional<GoalLine>& line);

/// Which of a run's values of a metric counts.
enum class MetricOf { best, last };

/// A metric and how to read it.
struct MetricChoice {
  std::string name;
  bool smaller_is_better = false;
  MetricOf of = MetricOf::best;
};

/// The best or last value over a run's epochs, else the one of the run as a whole. nullopt when
/// there is none that is a number.
[[nodiscard]] std::optional<double> metric_in(const RunRow& run, const MetricChoice& metric);

}  // namespace gradwatt
