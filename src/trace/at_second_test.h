#pragma once

#include "units/clock.h"

namespace gradwatt {

/// The instant so many seconds after the clock's origin.
inline Instant at(double second) { return Instant{} + from_seconds(second); }

}  // namespace gradwatt
