#pragma once

#include "units/energy.h"
#include "units/instant.h"

#include <optional>

namespace gradwatt {

/// Looks over an energy counter's shoulder during its first seconds: does it count what the same
/// device's power sensor says? Some stand still, some count at a wrong rate.
///
/// The limits are wide because the two look at different times: between half and double the mean
/// power times the time passes. A device that draws nothing is not judged.
/// Source: Zeus gates its counters likewise (factor 10 within 0.5 s); the factor 2 is ours.
/// Example: 5 s at 100 W: 250 J to 1000 J pass, 0 J and 1001 J are suspect.
class CounterGate {
 public:
  enum class Verdict { open, passed, suspect };
  static constexpr Duration kLasts = std::chrono::seconds(5);

  /// A counter's value, as the energy since the first one, and the power at the same time.
  void note(Instant time, Energy since_first, Power power);
  /// Starts again: the device was away.
  void restart();
  /// `open` while undecided.
  [[nodiscard]] Verdict verdict() const { return verdict_; }

 private:
  struct Reading {
    Instant time;
    Energy since_first;
    Power power;
  };
  std::optional<Reading> first_;
  Reading last_{};
  double expected_j_ = 0;
  Verdict verdict_ = Verdict::open;
};

}  // namespace gradwatt
