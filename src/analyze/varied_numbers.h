#pragma once

#include "analyze/table.h"

#include <vector>

namespace gradwatt {

/// Makes factors of what was varied and is not called a factor: a run's GPUs, nodes, batch sizes or
/// power limit, one after the other, where runs that are equal in all factors so far differ in it.
/// Example  Runs with 1, 2 and 4 GPUs and no factor get the factor "gpus"; with the factor "size"
///          of the same values they do not.
void add_varied_numbers(std::vector<RunRow>& runs);

}  // namespace gradwatt
