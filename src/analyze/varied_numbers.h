#pragma once

#include "analyze/table.h"

#include <string_view>
#include <vector>

namespace gradwatt {

/// Whether a factor of this name is a power limit: as add_varied_numbers() calls it, as the tables'
/// column is called, or as people write it.
/// Example  "power_limit_w", "device_power_limit_w" and "power_limit" are; "power" is not.
[[nodiscard]] bool is_power_limit_factor(std::string_view name);

/// Makes factors of what was varied and is not called a factor: a run's GPUs, nodes, batch sizes or
/// power limit, one after the other, where runs that are equal in all factors so far differ in it.
/// Example  Runs with 1, 2 and 4 GPUs and no factor get the factor "gpus"; with the factor "size"
///          of the same values they do not.
void add_varied_numbers(std::vector<RunRow>& runs);

}  // namespace gradwatt
