#include "units/clock.h"

#include <ctime>

namespace gradwatt {
namespace {

std::int64_t nanoseconds_of(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

Instant SystemClock::now() const { return {nanoseconds_of(CLOCK_MONOTONIC)}; }
WallTime SystemClock::wall() const { return {nanoseconds_of(CLOCK_REALTIME) / 1'000'000}; }
#ifdef CLOCK_BOOTTIME
Duration SystemClock::asleep() const {
  return Duration(nanoseconds_of(CLOCK_BOOTTIME) - nanoseconds_of(CLOCK_MONOTONIC));
}
#else
Duration SystemClock::asleep() const { return {}; }
#endif

}  // namespace gradwatt
