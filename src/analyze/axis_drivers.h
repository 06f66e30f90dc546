#pragma once

#include "analyze/grid.h"
#include "analyze/welch_ratio.h"

#include <optional>
#include <vector>

namespace gradwatt {

/// What an axis can change.
enum class Quantity { cost_per_epoch, epochs_to_goal, cost_per_run };

/// Which of the two costs the grid has: of an epoch, or where no epochs are told of a run.
[[nodiscard]] Quantity cost_quantity(const Grid& grid);

/// How much of a quantity's variation over the grid each axis explains, in the order of the axes;
/// on logarithms, as variance_shares.h has it. nullopt when the grid cannot say.
[[nodiscard]] std::optional<std::vector<double>> driver_shares(const Grid& grid, Quantity quantity);

/// The axis that explains at least half of a quantity's variation. nullopt when none does.
[[nodiscard]] std::optional<std::size_t> main_driver(
    const std::optional<std::vector<double>>& shares);

/// The axis behind a change between two setups: the main driver when they differ on it, else the
/// only axis on which they differ. nullopt when neither settles it.
[[nodiscard]] std::optional<std::size_t> axis_behind(
    const std::optional<std::vector<double>>& shares, const SetupResult& a, const SetupResult& b);

/// One value of an axis against another, over all settings of the other axes that have both.
struct AxisEffect {
  Ratio ratio;                    ///< Each setup counts once; Welch's interval over setups.
  int setups = 0;                 ///< On each side.
  std::vector<std::string> runs;  ///< Ids of the runs behind it.
  /// Mean change of Grid::metric over those pairs; absent: a setup does not tell it.
  std::optional<double> metric_change;
};

/// Takes    an axis and two indices of its values.
/// Returns  nullopt when no setting of the other axes has both.
/// Example  Study 1, Table 2a, energy per epoch, batch 1024 against 64: -71.7 % over 4 learning
///          rates; Table 2b: +13.1 %. Which way it goes has to be measured.
[[nodiscard]] std::optional<AxisEffect> axis_effect(
    const Grid& grid, Quantity quantity, std::size_t axis, std::size_t value, std::size_t against);

}  // namespace gradwatt
