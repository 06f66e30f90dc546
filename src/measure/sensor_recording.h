#pragma once

#include "measure/sensor_set.h"

#include <functional>

namespace gradwatt {

/// Waits on the system's monotonic clock.
void wait_on_system_clock(Instant time);

/// Something done while sensors are read, to switch a load for instance: called when its time has
/// come, first at once; says when it wants to be called again.
using Meanwhile = std::function<Instant(Instant now)>;

/// Reads all of `sensors` for `length`, which are new and end with it. What one source says reaches
/// `sink` on one thread at a time, different sources may use several. A library that hangs takes a
/// second longer.
void record_sensors(SensorSet& sensors,
                    const Clock& clock,
                    Duration length,
                    SampleSink sink,
                    const Meanwhile& meanwhile = {});

}  // namespace gradwatt
