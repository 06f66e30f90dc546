#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace gradwatt {

using Duration = std::chrono::nanoseconds;

[[nodiscard]] inline double seconds(Duration time) {
  return std::chrono::duration<double>(time).count();
}
[[nodiscard]] inline Duration from_seconds(double s) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(s));
}

/// A point on CLOCK_MONOTONIC, which no clock adjustment moves. All measuring uses it; it says
/// nothing about the date and cannot be turned into a WallTime.
struct Instant {
  std::int64_t ns = 0;

  auto operator<=>(const Instant&) const = default;
  friend Duration operator-(Instant a, Instant b) { return Duration(a.ns - b.ns); }
  friend Instant operator+(Instant a, Duration d) { return {a.ns + d.count()}; }
  friend Instant operator-(Instant a, Duration d) { return {a.ns - d.count()}; }
};

/// A date and time of day: to label, never to measure. Milliseconds since 1970 in UTC.
struct WallTime {
  std::int64_t ms = 0;

  auto operator<=>(const WallTime&) const = default;
};

}  // namespace gradwatt
