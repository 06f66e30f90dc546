#pragma once

#include "units/instant.h"

namespace gradwatt {

/// Counters renewed less often than this need a burst of readings behind a mark; more often than
/// `kFastRefresh`, a reading's own time says enough.
inline constexpr Duration kSlowRefresh = std::chrono::milliseconds(10);
inline constexpr Duration kFastRefresh = std::chrono::microseconds(100);

/// By how much a renewal can come earlier or later than the stated period says. Firmware is up to a
/// tenth off (energy counters of A100 boards: 101 to 104 ms instead of 100), hardware less (RAPL:
/// 0.98 ms instead of 1 ms, and some 0.02 ms of jitter).
constexpr Duration renewal_tolerance(Duration refresh) {
  return refresh < kSlowRefresh ? refresh / 20 : refresh / 10;
}
/// The longest that a value renewed every `refresh` can be shown.
constexpr Duration longest_renewal(Duration refresh) {
  return refresh + renewal_tolerance(refresh);
}
/// The shortest.
constexpr Duration shortest_renewal(Duration refresh) {
  return refresh - renewal_tolerance(refresh);
}

}  // namespace gradwatt
