#pragma once

#include "units/energy.h"
#include "units/instant.h"

#include <optional>

namespace gradwatt {

/// Turns the readings of a power sensor into the energy since the first one.
///
/// A sensor holds each value until its next update. Where between two readings the value changed is
/// not known; the middle is taken, so a pair of readings adds (p1 + p2) / 2 x dt. Equal readings
/// count like all others: leaving them out before integrating turns a constant load into 0 J.
/// Example: 100 W, 100 W, 300 W at 0, 1, 2 s give 0, 100, 300 J.
class PowerMeter {
 public:
  /// Takes readings in order of time. Returns the energy since the first.
  Energy read(Instant time, Power power);
  /// The next reading starts anew from the energy so far: what lies between counts nothing.
  void forget_last() { last_time_.reset(); }

 private:
  std::optional<Instant> last_time_;
  Power last_power_;
  double joules_ = 0;
};

}  // namespace gradwatt
