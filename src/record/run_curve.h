#pragma once

#include "record/node_file.h"
#include "trace/energy_curve.h"

#include <cstddef>

namespace gradwatt {

/// The energy of one channel over seconds since the run began.
[[nodiscard]] EnergyCurve channel_curve(const NodeRecord& record,
                                        std::size_t source,
                                        std::size_t position);

/// The energy of all channels of the total over seconds since the run began; empty when there are
/// none with two readings. Stretches whose energy is lost are gaps.
[[nodiscard]] EnergyCurve total_curve(const NodeRecord& record);

}  // namespace gradwatt
