#pragma once

#include "units/instant.h"

#include <cstdint>
#include <optional>

namespace gradwatt {

/// When to read: on a grid of absolute times, and around each mark more often. A pure object, so
/// that a simulated clock drives the same schedule as the sampler's thread.
///
/// A mark asks for a reading at once and, for counters that are renewed slowly, for a burst behind
/// it: until the value has been renewed once, in steps of an eighth of the update period, so that
/// the mark's energy is known between two changes whose times are known. Bursts and readings at
/// marks together are limited to 20 a second on average; a missed grid time is skipped and counted.
class SamplingSchedule {
 public:
  /// Reading has just begun; slow counters get a burst as behind a mark. `slowest_refresh`: the
  /// longest update period among the channels; 0 needs no bursts.
  SamplingSchedule(Instant begin, Duration interval, Duration slowest_refresh);

  /// Something begins or ends now.
  void mark(Instant now);
  /// When to read next.
  [[nodiscard]] Instant next() const;
  /// Whether to read now; if so the schedule moves on.
  [[nodiscard]] bool due(Instant now);

  /// Grid times missed by more than one interval.
  [[nodiscard]] std::int64_t late() const { return late_; }

 private:
  [[nodiscard]] bool take_extra(Instant now);

  Duration interval_;
  Duration burst_step_;
  int burst_length_ = 0;
  Instant grid_;
  std::optional<Instant> extra_;  ///< The next reading beside the grid.
  int burst_left_ = 0;
  double budget_;
  Instant budget_at_;
  std::int64_t late_ = 0;
};

}  // namespace gradwatt
