#include "measure/sensor_recording.h"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>

namespace gradwatt {
namespace {

constexpr Duration kDrainEvery = std::chrono::seconds(1);
/// Nobody waits for the end as the end of a command is waited for.
constexpr Duration kStopPatience = std::chrono::seconds(1);

}  // namespace

void wait_on_system_clock(Instant time) {
  const timespec until{time.ns / 1'000'000'000, time.ns % 1'000'000'000};
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

void record_sensors(SensorSet& sensors,
                    const Clock& clock,
                    Duration length,
                    SampleSink sink,
                    const Meanwhile& meanwhile) {
  sensors.take_first_reading(std::move(sink));
  sensors.begin();
  const Instant end = clock.now() + length;
  Instant drain_at = clock.now() + kDrainEvery;
  Instant call_at = meanwhile ? clock.now() : end;
  for (Instant now = clock.now(); now < end; now = clock.now()) {
    if (now >= call_at) {
      call_at = meanwhile(now);
    }
    if (now >= drain_at) {
      sensors.drain();
      drain_at = now + kDrainEvery;
    }
    wait_on_system_clock(std::min({end, call_at, drain_at}));
  }
  sensors.stop(kStopPatience);
}

}  // namespace gradwatt
