#pragma once

#include "train/training_plan.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gradwatt {

/// One training that gradwatt-train can do: a data set, a model, and settings that suit them.
struct Workload {
  std::string_view name;
  std::string_view description;
  std::string_view dataset;
  std::string_view model;
  TrainingPlan defaults;
  /// Trains, printing to stdout and marking for gradwatt. Throws Error.
  void (*run)(const Workload& workload, const TrainingPlan& plan);
};

/// All of them, in display order.
[[nodiscard]] std::span<const Workload> workloads();

/// Throws UsageError, with the name that was probably meant, when there is no such workload.
[[nodiscard]] const Workload& workload_named(std::string_view name);

// One declaration per member; its file carries the same name.
[[nodiscard]] Workload fashion_classify();

}  // namespace gradwatt
