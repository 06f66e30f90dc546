#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace gradwatt {

/// Indices of a share of the samples in which each class keeps its share, in ascending order.
///
/// In all floor(N * share) of the N samples. A class of n gets floor(n * share) of them; those that
/// rounding leaves go to the classes that it cost most, of equals the lower class first. Which ones
/// depends on (seed, class, n) alone.
/// Takes     `classes` of all samples, each below `class_count`; 0 < share <= 1.
/// Source    the growing data set of study 2, "Energy Consumption in Parallel Neural Network
///           Training": the size divided by a factor, stratified.
/// Example   classes of 5, 5 and 6 samples, share 0.5: 8 samples, 3, 2 and 3 of each.
[[nodiscard]] std::vector<std::int64_t> class_subset(std::span<const std::uint16_t> classes,
                                                     int class_count,
                                                     double share,
                                                     std::uint64_t seed);

}  // namespace gradwatt
