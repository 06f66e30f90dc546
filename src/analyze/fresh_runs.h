#pragma once

#include "analyze/setup_comparison.h"

#include <optional>
#include <vector>

namespace gradwatt {

/// Takes the numbers of comparisons from fresh runs alone, where both setups have some. Together
/// these are a family of Holm's correction.
///
/// Evidence: A with three runs a side and a saving shown, B with two, else D. Where that is neither
/// level A, nor shown to be dearer or within 5 %, it is said how many more runs settle it: as many
/// as show 5 %, or what the ratio looks like if that is more, in four of five cases, and three a
/// side at least.
///
/// Takes  comparisons on `grid`; fresh: the fresh runs as a grid of the same axes.
void use_fresh_runs(const Grid& grid,
                    const Grid& fresh,
                    Objective objective,
                    std::vector<SetupComparison>& comparisons);

/// The setup that fresh runs show to be cheaper than the compared one: the 95 % interval of its
/// ratio is above 1. Of several the one that costs least in them; nullopt: there is none.
[[nodiscard]] std::optional<std::size_t> cheaper_in_fresh_runs(
    const std::vector<SetupComparison>& comparisons);

}  // namespace gradwatt
