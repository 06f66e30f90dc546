#pragma once

#include "report/recommendation_view.h"

#include <string>

namespace gradwatt {

/// The grid as tables for a terminal: first axis down, second across, one table for each
/// combination of the rest; a grid of one axis is one row. Each ends with '\n'.
/// Energies have one unit, which the caller's heading names.
///
/// ▐81▌ best · ≈ tied · ✗ not reached (after a number: not in every repeat) · – failed
/// … unfinished · "·" not run · ? energy not known · ! suspicious
struct GridTables {
  std::string unit;  ///< "kJ"; empty for counts.
  std::string tables;
};

enum class TableOf { objective, energy_per_epoch, epochs_to_goal };

[[nodiscard]] GridTables grid_tables(const RecommendationView& view, TableOf what);

/// The marks that the tables use, explained in one line; empty when they use none.
[[nodiscard]] std::string legend_for(const std::string& tables);

}  // namespace gradwatt
