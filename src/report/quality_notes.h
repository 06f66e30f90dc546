#pragma once

#include "analyze/table.h"

#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// What makes numbers of a table weaker than they look: runs on different machines, energies that
/// are measured for some and estimated for others, sensors that covered less than 95 % of the time.
[[nodiscard]] std::vector<std::string> quality_notes(std::span<const RunRow> runs);

}  // namespace gradwatt
