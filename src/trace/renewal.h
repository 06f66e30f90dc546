#pragma once

#include "units/instant.h"

namespace gradwatt {

// Sensors renew their values on clocks of their own. Real devices are up to a tenth off their
// stated period (energy counters of A100 boards: 101 to 104 ms instead of 100).

/// The longest that a value renewed every `refresh` can be shown.
constexpr Duration longest_renewal(Duration refresh) { return refresh + refresh / 10; }
/// The shortest.
constexpr Duration shortest_renewal(Duration refresh) { return refresh - refresh / 10; }

/// Renewed less often, a counter needs a burst of readings for each mark; more often than once in
/// `kFastRefresh` and less, a short one.
inline constexpr Duration kSlowRefresh = std::chrono::milliseconds(10);
inline constexpr Duration kFastRefresh = std::chrono::microseconds(100);

}  // namespace gradwatt
