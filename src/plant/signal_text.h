#pragma once

#include "plant/signal.h"

#include <span>
#include <string>
#include <string_view>

namespace gradwatt {

/// Reads a signal: a shape with its settings, or several joined by "+". Powers are watts, times are
/// seconds; a bare number ends in no unit.
///
///   constant power=300
///   square   low=50 high=300 period=0.1 [duty=0.5] [phase=0]
///   spikes   low=100 high=700 period=1 width=0.005 [phase=0]
///   epochs   low=150 high=350 busy=18 pause=2 [phase=0]
///   ramp     from=60 to=700 over=60
///   burst    low=60 high=300 length=0.08 [begin=0]     (`load` is another name for it)
///   steps    levels=100,250,175 each=1
///   random   low=60 high=400 step=0.3 [seed=1]
///
/// The name of one of the named signals stands for its text. Throws UsageError for anything else.
/// Example: "square low=50 high=300 period=0.1".
[[nodiscard]] Signal parse_signal(std::string_view text);

/// A signal that sensors are tried with: each is hard for some way of measuring.
struct NamedSignal {
  const char* name;
  const char* text;
  Duration duration;  ///< How long a run of it lasts.
  const char* why;    ///< What is hard about it.
};
[[nodiscard]] std::span<const NamedSignal> named_signals();

}  // namespace gradwatt
