#pragma once

#include <vector>

namespace gradwatt {

/// The middle one of `values`, of which there is at least one; the upper middle of an even number.
[[nodiscard]] double median_of(std::vector<double> values);

}  // namespace gradwatt
