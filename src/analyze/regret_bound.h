#pragma once

#include "analyze/setup_comparison.h"

#include <optional>
#include <span>

namespace gradwatt {

/// By how much, at most, the chosen setup costs more than the truly cheapest of the grid: the
/// largest upper limit of its ratio to any other, minus 1, and not less than 0. The limits hold
/// together with 95 % (Bonferroni: each leaves out 2.5 % / m at an end).
///
/// Takes    the setups that have the objective.
/// Returns  nullopt when a setup has no interval: without repeats nothing bounds it.
/// Source   Dunn, Multiple comparisons among means, JASA 56(293):52, 1961.
[[nodiscard]] std::optional<double> regret_bound(const Grid& grid,
                                                 Objective objective,
                                                 std::size_t chosen,
                                                 std::span<const std::size_t> others);

}  // namespace gradwatt
