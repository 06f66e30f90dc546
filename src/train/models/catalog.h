#pragma once

#include "data/image_set.h"
#include "train/network.h"

#include <memory>
#include <span>
#include <string_view>

namespace gradwatt {

/// One network that the built-in workloads can train.
struct Model {
  std::string_view name;
  std::string_view description;
  /// Makes it with random weights drawn from libtorch's generator.
  std::unique_ptr<Network> (*make)(ImageShape shape, int classes);
};

/// All of them, in display order.
[[nodiscard]] std::span<const Model> models();

/// Throws Error when there is no such model.
[[nodiscard]] const Model& model_named(std::string_view name);

// One declaration per member; its file carries the same name.
[[nodiscard]] Model small_cnn();

}  // namespace gradwatt
