#pragma once

#include "units/energy.h"
#include "units/instant.h"

#include <optional>
#include <vector>

namespace gradwatt {

/// The cumulative energy of one channel, known at some instants.
///
/// Between two known instants the energy is taken to rise in a straight line. One function of time
/// gives every window's energy as a difference of two values, so windows that meet add up exactly.
class CumulativeSeries {
 public:
  /// `refresh`: how old a reading may be when it is taken. `power_max`: the steepest possible rise.
  explicit CumulativeSeries(Duration refresh = {}, std::optional<Power> power_max = {})
      : refresh_(refresh), power_max_(power_max) {}

  /// Adds a known value; times must rise, energies must not fall.
  void add(Instant time, Energy since_begin);

  [[nodiscard]] bool can_integrate() const { return times_.size() >= 2; }

  /// The energy since the series began, at `time`: on the line between the neighbouring values,
  /// rounded down to whole microjoules; before the first and behind the last, those values.
  /// Example: 0 J at 0 s and 100 J at 10 s give 25 J at 2.5 s.
  [[nodiscard]] Energy at(Instant time) const;

  /// The least and the most that could have been consumed by `time`, whatever the power did
  /// between the neighbouring values.
  struct Bounds {
    Energy lo;
    Energy hi;
  };
  [[nodiscard]] Bounds bounds(Instant time) const;

  /// The share of [begin, end) that lies between the first and the last known value, 0..1.
  [[nodiscard]] double coverage(Instant begin, Instant end) const;

  [[nodiscard]] const std::vector<Instant>& times() const { return times_; }
  [[nodiscard]] const std::vector<Energy>& values() const { return values_; }

 private:
  Duration refresh_;
  std::optional<Power> power_max_;
  std::vector<Instant> times_;
  std::vector<Energy> values_;
};

}  // namespace gradwatt
