#pragma once

#include "analyze/goal.h"
#include "analyze/grid_axis.h"
#include "analyze/setup_result.h"

#include <optional>
#include <span>
#include <vector>

namespace gradwatt {

/// The runs of a sweep as a table with any number of axes.
struct Grid {
  std::vector<GridAxis> axes;
  std::optional<Goal> goal;
  /// Absent: there is no goal, or no run has its metric, so that none reached it.
  std::optional<GoalLine> line;
  std::vector<SetupResult> setups;  ///< Sorted by place; the last axis runs fastest.
  Minimise minimise = Minimise::energy;
  /// The accuracy that advice must not cost: the goal's metric, else an accuracy that runs have.
  /// Empty: none is known.
  std::string metric = {};
  bool smaller_is_better = false;  ///< Of `metric`.
  bool estimated = false;          ///< Some of the energy comes from a model.

  /// The setup at a place; nullptr when the grid does not have it.
  [[nodiscard]] const SetupResult* at(const std::vector<std::size_t>& place) const;
  /// Index of the setup with these values; nullopt when the grid does not have it.
  [[nodiscard]] std::optional<std::size_t> find(
      std::span<const std::pair<std::string, std::string>> factors) const;
};

/// Groups runs by setup. Setups that were planned and not run are in the grid as well, unless it
/// would have more than 4096 setups: then only those with runs are.
/// Takes   axes: the sweep's, in display order; what is missing is taken from the runs.
[[nodiscard]] Grid grid_of(std::span<const RunRow> runs,
                           std::vector<GridAxis> axes,
                           std::optional<Goal> goal,
                           Minimise minimise = Minimise::energy);

}  // namespace gradwatt
