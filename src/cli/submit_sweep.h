#pragma once

#include "cli/conduct_stored_sweep.h"

namespace gradwatt {

/// One step of a sweep on Slurm: says how far it is, from the store and the queue, submits what is
/// neither done nor queued as a job array, and returns at once. Run again, it goes on.
/// Returns  the exit status: 0 when all points are done, kPointsFailedOrLeft otherwise.
/// Throws   Error when Slurm does not answer or refuses.
[[nodiscard]] int submit_sweep(const SweepFile& file,
                               const Store& store,
                               const SweepSession& session);

/// Prints the commands of sbatch and the scripts that it would get, and submits nothing. Returns 0.
[[nodiscard]] int show_submission(const SweepFile& file,
                                  const Store& store,
                                  const SweepSession& session);

}  // namespace gradwatt
