#pragma once

#include "record/store.h"
#include "simulate/simulated_run.h"

#include <string>

namespace gradwatt {

/// Puts a simulated run into the store as `gradwatt run` puts a real one: a manifest, tagged
/// simulated=yes, and a node file, written second by second. Throws Error.
StoredRun store_simulation(const SimulatedRun& run, const std::string& name, const Store& store);

}  // namespace gradwatt
