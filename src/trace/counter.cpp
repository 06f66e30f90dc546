#include "trace/counter.h"

namespace gradwatt {

CounterStep counter_step(std::optional<Energy> before,
                         Energy now,
                         Duration elapsed,
                         const CounterLimits& limits) {
  if (!before) {
    return CounterFirst{};
  }
  const Energy plausible = limits.plausible_max * elapsed;
  const bool may_hide_a_wrap = limits.modulus && plausible >= *limits.modulus;
  if (now >= *before) {
    const Energy delta = now - *before;
    return may_hide_a_wrap ? CounterStep(CounterAmbiguous{delta}) : CounterDelta{delta};
  }
  if (!limits.modulus) {
    return CounterReset{};
  }
  const Energy wrapped = *limits.modulus - *before + now;
  if (may_hide_a_wrap) {
    return CounterAmbiguous{wrapped};
  }
  return wrapped <= plausible ? CounterStep(CounterWrapped{wrapped}) : CounterReset{};
}

CounterMeter::Step CounterMeter::read(Instant time, Energy value) {
  const Duration elapsed = last_time_ ? time - *last_time_ : Duration{};
  const CounterStep step = counter_step(last_value_, value, elapsed, limits_);
  last_time_ = time;
  last_value_ = value;
  if (const auto* delta = std::get_if<CounterDelta>(&step)) {
    since_first_ += delta->energy;
  } else if (const auto* wrapped = std::get_if<CounterWrapped>(&step)) {
    since_first_ += wrapped->energy;
  } else if (const auto* ambiguous = std::get_if<CounterAmbiguous>(&step)) {
    since_first_ += ambiguous->least;
  }
  return {since_first_, step};
}

}  // namespace gradwatt
