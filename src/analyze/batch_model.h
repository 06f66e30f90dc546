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

/// What a batch model lacks of the cheapest batch size.
enum class BatchLack {
  no_batch_axis,     ///< No axis is a batch size.
  too_few_batches,   ///< Fewer than three batch sizes have a cost per epoch.
  no_goal,           ///< How many epochs are needed is not asked.
  too_few_reached,   ///< Fewer than three batch sizes reached the goal in every repeat.
  not_identifiable,  ///< B_crit: the epochs do not grow with the batch as far as these runs tell.
};

[[nodiscard]] const char* name_of(BatchLack lack);

/// Whether an axis of this name is a batch size: "batch", "bs", "global_batch", "batch_size".
[[nodiscard]] bool is_batch_name(std::string_view axis);

/// Cost per epoch at each batch size is the geometric mean over the other axes, which hardly change
/// it; epochs are the fewest over them, because each batch size wants its own learning rate.
/// Returns  nullopt when the grid has no axis of batch sizes, or fewer than three of them.
[[nodiscard]] std::optional<BatchModel> batch_model(const Grid& grid);

/// What is missing of a grid's model; nullopt: nothing is.
[[nodiscard]] std::optional<BatchLack> batch_lack(const Grid& grid,
                                                  const std::optional<BatchModel>& model);

}  // namespace gradwatt
