#pragma once

#include "cli/conduct_stored_sweep.h"

namespace gradwatt {

/// Searches a sweep by its strategy, repeat after repeat, each with seeds of its own; shows what it
/// does on stderr and what it found on stdout, as text or as JSON.
///
/// Returns  the exit status: 0 when every repeat found a setup, kPointsFailedOrLeft when one found
///          none or its budget is spent, or 128 and the number of the signal that stopped it.
/// Throws   Error when gradwatt-train is needed and nowhere, or the sweep is going on already.
[[nodiscard]] int conduct_stored_search(const SweepFile& file,
                                        const Store& store,
                                        const SweepSession& session);

}  // namespace gradwatt
