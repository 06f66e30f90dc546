#pragma once

#include "units/instant.h"

#include <cstdint>
#include <optional>

namespace gradwatt {

/// When to read: on a grid of absolute times, and around each mark more often. A pure object, so
/// that a simulated clock drives the same schedule as the sampler's thread.
///
/// A mark asks for a reading at once and, for sensors that are renewed slowly, for a burst behind
/// it: until the value has been renewed once, in steps of an eighth of the update period, so that
/// the mark's energy is known between two changes whose times are known. Bursts and readings at
/// marks together are limited to 20 a second on average; a missed grid time is skipped and counted.
/// For counters renewed every millisecond or so the reader waits at the mark itself
/// (Poller::await_fast_renewal): twice a second on average, for that costs up to a millisecond of
/// CPU time.
class SamplingSchedule {
 public:
  enum class Due { nothing, reading, reading_at_mark };

  /// Reading has just begun, which counts as a mark. `slowest_refresh`: the longest update period
  /// among the channels; 0 needs no bursts.
  SamplingSchedule(Instant begin, Duration interval, Duration slowest_refresh);

  /// Something begins or ends now.
  void mark(Instant now);
  /// When to read next.
  [[nodiscard]] Instant next() const;
  /// What to do now; if anything the schedule moves on. At a mark the reader is to await the
  /// renewal of fast counters behind the reading.
  [[nodiscard]] Due due(Instant now);

  /// Grid times missed by more than one interval.
  [[nodiscard]] std::int64_t late() const { return late_; }

 private:
  /// So many a second on average, and some at once.
  struct Allowance {
    double per_second;
    double at_once;
    Instant since;
    double left = at_once;

    [[nodiscard]] bool take(Instant now);
  };

  Duration interval_;
  Duration burst_step_{};  ///< 0: no bursts.
  Instant grid_;
  std::optional<Instant> mark_;   ///< One that waits for its reading.
  std::optional<Instant> burst_;  ///< The next reading of a burst.
  int burst_left_ = 0;
  Allowance extra_;
  Allowance awaiting_;
  std::int64_t late_ = 0;
};

}  // namespace gradwatt
