#include "trace/counter.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

/// Long enough for several updates of any counter, short enough to be the power of now.
constexpr Duration kPowerOver = std::chrono::seconds(1);

}  // namespace

CounterStep counter_step(std::optional<Energy> before,
                         Energy now,
                         Duration elapsed,
                         const CounterLimits& limits) {
  if (!before) {
    return CounterFirst{};
  }
  const bool may_hide_a_wrap =
      limits.modulus && limits.sustained() * elapsed >= limits.sure_rise.value_or(*limits.modulus);
  const Energy plausible = limits.plausible_max * (elapsed + limits.refresh);
  if (now >= *before) {
    const Energy delta = now - *before;
    if (may_hide_a_wrap) {
      return CounterAmbiguous{delta};
    }
    return delta <= plausible ? CounterStep(CounterDelta{delta}) : CounterReset{};
  }
  if (!limits.modulus) {
    return CounterReset{};
  }
  const Energy wrapped = *limits.modulus - *before + now;
  if (wrapped < Energy{}) {
    return CounterReset{};  // It fell by more than its range: a sum kept above it began anew.
  }
  if (may_hide_a_wrap) {
    return CounterAmbiguous{wrapped};
  }
  // By the lower limit: a counter that is reset shortly before its range ends looks like one that
  // wraps, the more often the more power is believed.
  const Energy sustained = limits.sustained() * (elapsed + limits.refresh);
  return wrapped <= sustained ? CounterStep(CounterWrapped{wrapped}) : CounterReset{};
}

CounterMeter::Step CounterMeter::read(Instant time, Energy value) {
  if (!last_) {
    last_ = {time, value};
    last_change_ = time;
    anchor_ = {time, since_first_};
    return {Step::Kind::good, since_first_};
  }
  const CounterStep step = counter_step(last_->value, value, elapsed(*last_, time), limits_);
  if (const auto* delta = std::get_if<CounterDelta>(&step)) {
    return accept(time, value, delta->energy);
  }
  if (const auto* wrapped = std::get_if<CounterWrapped>(&step)) {
    return accept(time, value, wrapped->energy);
  }
  if (const auto* ambiguous = std::get_if<CounterAmbiguous>(&step)) {
    return choose_wraps(time, value, ambiguous->least);
  }
  if (suspect_) {
    return resolve(time, value, *suspect_);
  }
  suspect_ = {time, value};
  return {Step::Kind::suspect, since_first_};
}

/// A counter that stood still may hand out at once what it gathered since it last moved.
Duration CounterMeter::elapsed(const Reading& before, Instant time) const {
  return time - std::min(before.time, last_change_);
}

CounterMeter::Step CounterMeter::accept(Instant time, Energy value, Energy rise) {
  suspect_.reset();
  since_first_ += rise;
  last_ = {time, value};
  if (rise > Energy{}) {
    last_change_ = time;
  }
  note_power(time);
  return {Step::Kind::good, since_first_};
}

CounterMeter::Step CounterMeter::resolve(Instant time, Energy value, const Reading& odd) {
  const CounterStep step = counter_step(odd.value, value, time - odd.time, limits_);
  const auto* delta = std::get_if<CounterDelta>(&step);
  if (delta == nullptr) {
    suspect_ = {time, value};
    return {Step::Kind::suspect, since_first_};
  }
  const Duration gap = odd.time - last_->time;
  const Energy most = limits_.sustained() * (gap + limits_.refresh);
  // A counter that began anew at 0 has counted its value since then, if that is plausible.
  const Energy least = odd.value <= most ? odd.value : Energy{};
  const Energy assumed = std::clamp(power_.value_or(Power{}) * gap, least, most);
  Step result{Step::Kind::reset, {}, least, assumed, most};
  for (Energy* part : {&result.least, &result.assumed, &result.most}) {
    *part += delta->energy;
  }
  result.since_first = accept(time, value, result.assumed).since_first;
  anchor_ = {time, since_first_};
  return result;
}

CounterMeter::Step CounterMeter::choose_wraps(Instant time, Energy value, Energy least) {
  const Duration gap = elapsed(*last_, time);
  const Energy modulus = *limits_.modulus;
  const Energy possible = limits_.sustained() * (gap + limits_.refresh);
  const auto most_wraps = std::max<std::int64_t>(
      0, (possible - least).microjoules / std::max<std::int64_t>(1, modulus.microjoules));
  std::int64_t wraps = 0;
  if (power_) {
    const double expected = (*power_ * gap - least).joules() / modulus.joules();
    wraps = std::clamp<std::int64_t>(std::llround(expected), 0, most_wraps);
  }
  const auto with = [&](std::int64_t n) { return least + Energy{n * modulus.microjoules}; };
  Step result{Step::Kind::ambiguous, {}, least, with(wraps), with(most_wraps)};
  result.since_first = accept(time, value, result.assumed).since_first;
  anchor_ = {time, since_first_};
  return result;
}

void CounterMeter::note_power(Instant time) {
  if (!anchor_ || time - anchor_->time < kPowerOver) {
    return;
  }
  power_ = Power{(since_first_ - anchor_->value).joules() / seconds(time - anchor_->time)};
  anchor_ = {time, since_first_};
}

void CounterMeter::forget_last() {
  last_.reset();
  suspect_.reset();
}

}  // namespace gradwatt
