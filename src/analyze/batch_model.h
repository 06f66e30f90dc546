#pragma once

#include "analyze/critical_batch.h"
#include "analyze/grid.h"

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// What the batch sizes of a grid say together: about cheap epochs, and about enough of them.
struct BatchModel {
  std::size_t axis = 0;
  EpochCostByBatch cost;
  /// Of the best setting of the other axes at each batch size. Absent: fewer than three batch sizes
  /// reached the goal.
  std::optional<EpochsByBatch> epochs;
  std::optional<double> cheapest;  ///< cheapest_batch; absent without a critical batch size.
  std::vector<double> tested;      ///< Batch sizes of the grid, ascending.

  /// Cost to the goal at a batch size, up to start-up: e(B) N(B). Takes a model with epochs.
  [[nodiscard]] double cost_at(double batch) const { return cost.at(batch) * epochs->at(batch); }
};

/// Whether an axis of this name is a batch size: "batch", "bs", "global_batch", "batch_size".
[[nodiscard]] bool is_batch_name(std::string_view axis);

/// Cost per epoch at each batch size is the geometric mean over the other axes, which hardly change
/// it; epochs are the fewest over them, because each batch size wants its own learning rate.
/// Returns  nullopt when the grid has no axis of batch sizes, or fewer than three of them.
[[nodiscard]] std::optional<BatchModel> batch_model(const Grid& grid);

}  // namespace gradwatt
