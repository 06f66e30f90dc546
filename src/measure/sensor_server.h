#pragma once

#include "measure/source.h"

namespace gradwatt {

/// What a sensor host's process does: looks for `family` on `machine`, says what it found through
/// `out`, and samples (reading_interval()) as told by `in`: "s" to start, "n" at a mark, "q" to
/// stop. Ends at once when `in` is closed, even while a reading hangs. Returns the exit status.
int serve_sensors(const SourceFamily& family,
                  const Machine& machine,
                  std::optional<Duration> asked_interval,
                  int in,
                  int out);

}  // namespace gradwatt
