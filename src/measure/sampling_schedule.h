#pragma once

#include "units/instant.h"

#include <cstdint>
#include <optional>

namespace gradwatt {

/// How often the channels of a poller are renewed; 0 where there is none of a kind.
struct RenewalPeriods {
  Duration fast_counter{};  ///< The longest among counters renewed within 10 ms.
  Duration slowest{};       ///< The longest of all channels.
};

/// A burst reads so often per update period, and once more.
inline constexpr int kStepsPerRenewal = 8;

/// When to read: on a grid of absolute times, and around each mark more often. A pure object, so
/// that a simulated clock drives the same schedule as the sampler's thread.
///
/// A mark asks for a reading at once and for a burst behind it: until the value has been renewed
/// once, in steps of an eighth of the update period, so that the mark's energy is known between two
/// changes whose times are known. Counters that are renewed every millisecond or so have a burst of
/// their own, in which nothing else is read. Marks and the readings of slow bursts together are
/// limited to 20 a second on average; a missed grid time is skipped and counted.
class SamplingSchedule {
 public:
  /// What is due.
  enum class Due { nothing, fast_counters, all };

  /// Reading has just begun: a burst as behind a mark.
  SamplingSchedule(Instant begin, Duration interval, const RenewalPeriods& periods);

  /// Something begins or ends now.
  void mark(Instant now);
  /// When to read next.
  [[nodiscard]] Instant next() const;
  /// What to read now; if anything the schedule moves on.
  [[nodiscard]] Due due(Instant now);

  /// Grid times missed by more than one interval.
  [[nodiscard]] std::int64_t late() const { return late_; }

 private:
  /// Readings in equal steps, as many as it takes to see one renewal.
  struct Burst {
    Duration step{};  ///< 0: never.
    std::optional<Instant> next;
    int left = 0;

    void start(Instant now);
    [[nodiscard]] bool due(Instant now);
  };
  [[nodiscard]] bool take_extra(Instant now);

  Duration interval_;
  Instant grid_;
  std::optional<Instant> marked_;  ///< A mark waits for its reading.
  Burst fast_;
  Burst slow_;
  double budget_;
  Instant budget_at_;
  std::int64_t late_ = 0;
};

}  // namespace gradwatt
