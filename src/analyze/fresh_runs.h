#pragma once

#include "analyze/setup_comparison.h"

#include <vector>

namespace gradwatt {

/// Takes the numbers of comparisons from fresh runs alone, where both setups have some. Together
/// these are a family of Holm's correction.
///
/// Evidence: A with three runs a side and a difference shown, B with two, else D.
///
/// Takes  comparisons on `grid`; fresh: the fresh runs as a grid of the same axes.
void use_fresh_runs(const Grid& grid,
                    const Grid& fresh,
                    Objective objective,
                    std::vector<SetupComparison>& comparisons);

}  // namespace gradwatt
