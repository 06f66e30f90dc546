#pragma once

#include "record/node_file.h"

#include <vector>

namespace gradwatt {

/// Every power limit that a device of the run's total had while the run was measured: whole watts,
/// sorted, each once. A limit that was changed meanwhile gives two.
/// Returns  empty where no device told one.
/// Example  Two GPUs at 700 W: 700. One at 400 W and one at 700 W: 400, 700.
[[nodiscard]] std::vector<double> power_limits_of(const std::vector<NodeRecord>& records);

}  // namespace gradwatt
