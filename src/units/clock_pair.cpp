#include "units/clock_pair.h"

#include "units/clock.h"

#include <ctime>
#ifdef __linux__
#include <sys/timex.h>
#endif

namespace gradwatt {
namespace {

constexpr int kTries = 5;

std::int64_t wall_nanoseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

std::optional<Duration> kernel_wall_error() {
#ifdef __linux__
  timex state{};
  if (::adjtimex(&state) >= 0 && (state.status & STA_UNSYNC) == 0) {
    return std::chrono::microseconds(state.maxerror);
  }
#endif
  return std::nullopt;
}

}  // namespace

ClockPair read_clock_pair() {
  const SystemClock clock;
  ClockPair best;
  for (int i = 0; i < kTries; ++i) {
    const Instant before = clock.now();
    const std::int64_t wall_ns = wall_nanoseconds();
    const Duration half = (clock.now() - before) / 2;
    if (i == 0 || half < best.spread) {
      best = {before + half, wall_ns, half, std::nullopt};
    }
  }
  best.wall_error = kernel_wall_error();
  return best;
}

}  // namespace gradwatt
