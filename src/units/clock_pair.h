#pragma once

#include "units/instant.h"

#include <cstdint>
#include <optional>

namespace gradwatt {

/// The monotonic clock and the wall clock at one moment. Monotonic clocks of two machines have
/// nothing in common; through such pairs a time of one can be told in the other's.
struct ClockPair {
  Instant instant;
  std::int64_t wall_ns = 0;  ///< Nanoseconds since 1970.
  Duration spread{};         ///< The two belong together to within so much, to either side.
  /// How far the wall clock can be from UTC, as the kernel says. Absent: nobody keeps it in step.
  std::optional<Duration> wall_error;

  bool operator==(const ClockPair&) const = default;
};

/// Both clocks now; the closest pair of a few.
/// Source  wall_error is `maxerror` of adjtimex(2), which counts up until the next correction.
[[nodiscard]] ClockPair read_clock_pair();

}  // namespace gradwatt
