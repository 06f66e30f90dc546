#pragma once

#include "train/training_data.h"
#include "train/training_plan.h"

#include <filesystem>
#include <span>
#include <string_view>

namespace gradwatt {

/// One data set that the built-in workloads can train on.
struct Dataset {
  std::string_view name;
  std::string_view description;
  std::filesystem::path default_folder;
  /// Reads and splits it. Throws Error that says how to get the files when they are absent.
  /// Takes   a plan whose folder is named.
  TrainingData (*load)(const DataPlan& plan);
};

/// All of them, in display order.
[[nodiscard]] std::span<const Dataset> datasets();

/// Throws Error when there is no such data set.
[[nodiscard]] const Dataset& dataset_named(std::string_view name);

// One declaration per member; its file carries the same name.
[[nodiscard]] Dataset fashion_mnist();
[[nodiscard]] Dataset pamap2_data();
[[nodiscard]] Dataset celeba_data();
[[nodiscard]] Dataset era5_data();
[[nodiscard]] Dataset imagenet_data();

}  // namespace gradwatt
