#pragma once

#include <optional>
#include <span>
#include <vector>

namespace gradwatt {

/// Each energy as a share of the largest, which is 1: study 1's Figure 3. Unknown ones stay
/// unknown and take no part. Takes positive energies.
/// Example  10, unknown, 40 J: 0.25, unknown, 1.
[[nodiscard]] std::vector<std::optional<double>> relative_to_worst(
    std::span<const std::optional<double>> energies);

/// The least of the shares; nullopt when fewer than two energies are known.
[[nodiscard]] std::optional<double> best_share(std::span<const std::optional<double>> energies);

}  // namespace gradwatt
