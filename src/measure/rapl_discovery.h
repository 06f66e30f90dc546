#pragma once

#include "measure/perf_events.h"
#include "measure/source.h"

namespace gradwatt {

/// Finds each RAPL domain once: through perf events where they may be opened, else through its
/// powercap file, else through the same file as opened by gradwatt-broker.
[[nodiscard]] Discovery discover_rapl(const Machine& machine, PerfEvents& perf);

}  // namespace gradwatt
