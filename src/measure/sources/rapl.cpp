// Running Average Power Limit counters of Intel's and AMD's CPUs: see docs/sources/rapl.md.
#include "measure/rapl_discovery.h"
#include "measure/sources/catalog.h"

namespace gradwatt {

SourceFamily rapl_family() {
  return {"rapl",
          "CPU package and DRAM energy counters (perf events, powercap)",
          [](const Machine& machine, std::span<const std::string>) {
            return discover_rapl(machine, kernel_perf_events());
          }};
}

}  // namespace gradwatt
