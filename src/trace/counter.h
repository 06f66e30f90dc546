#pragma once

#include "units/energy.h"
#include "units/instant.h"

#include <optional>
#include <variant>

namespace gradwatt {

/// What an accumulating counter can say when it is read again.
struct CounterFirst {};  ///< Nothing to compare with.
struct CounterDelta {
  Energy energy;
};
struct CounterWrapped {  ///< It passed the end of its range once.
  Energy energy;
};
struct CounterAmbiguous {  ///< It may have wrapped unseen: at least this much.
  Energy least;
};
struct CounterReset {};  ///< It fell for another reason; the energy in between is unknown.
using CounterStep =
    std::variant<CounterFirst, CounterDelta, CounterWrapped, CounterAmbiguous, CounterReset>;

struct CounterLimits {
  std::optional<Energy> modulus;  ///< The value at which it starts again; absent: it never does.
  Power plausible_max;            ///< No device of its kind draws more.
};

/// Compares two readings of a counter that were `elapsed` apart.
///
/// A fall is a wrap only where the counter has a range and the energy it implies is plausible:
/// modulus - before + now <= plausible_max * elapsed. Everything else that falls is a reset:
/// reading it as a wrap would invent up to a whole range (262 kJ on Intel's counters).
/// A wait in which plausible_max could have filled the range is ambiguous.
/// Example: modulus 1000 J, 990 J then 5 J after 1 s, plausible 100 W: wrapped, 15 J.
///          990 J then 0 J is a wrap of 10 J; 500 J then 0 J is a reset.
[[nodiscard]] CounterStep counter_step(std::optional<Energy> before,
                                       Energy now,
                                       Duration elapsed,
                                       const CounterLimits& limits);

/// Unwraps the readings of one counter into the energy since its first reading.
class CounterMeter {
 public:
  explicit CounterMeter(CounterLimits limits) : limits_(limits) {}

  struct Step {
    Energy since_first;
    CounterStep step;
  };
  /// Takes readings in order of time.
  Step read(Instant time, Energy value);

  [[nodiscard]] std::optional<Instant> last_read() const { return last_time_; }

 private:
  CounterLimits limits_;
  std::optional<Instant> last_time_;
  std::optional<Energy> last_value_;
  Energy since_first_;
};

}  // namespace gradwatt
