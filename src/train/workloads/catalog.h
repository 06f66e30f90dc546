#pragma once

#include "train/training_plan.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// One training that gradwatt-train can do: a data set, a paradigm, and settings that suit them.
struct Workload {
  std::string name;         ///< "pamap2-frozen": the family's name and the paradigm's.
  std::string description;  ///< The paradigm's.
  std::string_view dataset;
  std::string_view paradigm;
  TrainingPlan defaults;
};

/// What trains on one data set.
struct WorkloadFamily {
  std::string_view name;         ///< "pamap2"
  std::string_view description;  ///< What is to be learned.
  std::string_view dataset;
  std::vector<std::string_view> paradigms;
  TrainingPlan defaults;
  /// Changes the defaults of one of the paradigms; null: all have the same.
  void (*suit)(std::string_view paradigm, TrainingPlan& defaults) = nullptr;
};

[[nodiscard]] std::span<const WorkloadFamily> workload_families();

/// Every family with each of its paradigms, in display order.
[[nodiscard]] std::span<const Workload> workloads();

/// Throws UsageError, with the name that was probably meant, when there is no such workload.
[[nodiscard]] const Workload& workload_named(std::string_view name);

// One declaration per member; its file carries the same name.
[[nodiscard]] WorkloadFamily fashion_workloads();
[[nodiscard]] WorkloadFamily pamap2_workloads();
[[nodiscard]] WorkloadFamily celeba_workloads();
[[nodiscard]] WorkloadFamily era5_workloads();
[[nodiscard]] WorkloadFamily imagenet_workloads();

}  // namespace gradwatt
