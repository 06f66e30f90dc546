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
struct CounterReset {};  ///< It fell or leapt for another reason: the energy between is unknown.
using CounterStep =
    std::variant<CounterFirst, CounterDelta, CounterWrapped, CounterAmbiguous, CounterReset>;

struct CounterLimits {
  std::optional<Energy> modulus;  ///< The value at which it starts again; absent: it never does.
  Power plausible_max;            ///< No device of its kind draws more, not even for an instant.
  std::optional<Power> sustained_max = {};  ///< Nor this for long; absent: as plausible_max.
  Duration refresh{};                       ///< How old a reading can be.
  /// A rise beyond this between two readings may be told wrong; absent: only one of `modulus`.
  std::optional<Energy> sure_rise = {};

  [[nodiscard]] Power sustained() const { return sustained_max.value_or(plausible_max); }
};

/// Compares two readings of a counter that were `elapsed` apart.
///
/// A fall is a wrap only where the counter has a range and the energy it implies is plausible:
/// modulus - before + now <= plausible_max * elapsed. Everything else that falls is a reset:
/// reading it as a wrap would invent up to a whole range (262 kJ on Intel's counters).
/// A rise beyond plausible_max * (elapsed + refresh) is a reset too.
/// A wait in which the sustained power could have filled the range is ambiguous.
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
    enum class Kind {
      good,
      suspect,    ///< The value makes no sense yet: the next one decides what happened.
      reset,      ///< The counter began anew; the stretch since the last good reading is assumed.
      ambiguous,  ///< It may have wrapped unseen; the likeliest number of wraps is assumed.
    };
    Kind kind = Kind::good;
    Energy since_first;
    // reset, ambiguous: what the stretch since the last good reading consumed
    Energy least{};
    Energy assumed{};  ///< At the power seen before it; part of since_first.
    Energy most{};
  };
  /// Takes readings in order of time.
  ///
  /// One reading that makes no sense (a fall that is no wrap, an impossible leap) is held back: if
  /// the next one follows from the last good value it was a glitch, and nothing is lost; if it
  /// follows from the odd one, the counter was reset.
  Step read(Instant time, Energy value);

  /// The next reading is a new first one: what lies between counts nothing.
  void forget_last();

 private:
  struct Reading {
    Instant time;
    Energy value;
  };
  [[nodiscard]] Duration elapsed(const Reading& before, Instant time) const;
  Step accept(Instant time, Energy value, Energy rise);
  Step resolve(Instant time, Energy value, const Reading& odd);
  Step choose_wraps(Instant time, Energy value, Energy least);
  void note_power(Instant time);

  CounterLimits limits_;
  std::optional<Reading> last_;     ///< The last good reading.
  Instant last_change_;             ///< When its value was new.
  std::optional<Reading> suspect_;  ///< Held back.
  Energy since_first_;
  std::optional<Reading> anchor_;  ///< since_first about a second ago, for the power.
  std::optional<Power> power_;     ///< Over about the last second.
};

}  // namespace gradwatt
