#pragma once

namespace gradwatt {

/// How many processors this process may run on: its affinity mask, which containers, taskset and
/// Slurm set, and not the machine's size. At least 1.
[[nodiscard]] int available_cpus();

}  // namespace gradwatt
