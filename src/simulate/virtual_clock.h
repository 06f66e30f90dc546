#pragma once

#include "base/expects.h"
#include "units/clock.h"

#include <optional>

namespace gradwatt {

/// A clock that moves only when told, so that a simulated hour takes milliseconds.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Instant begin) : now_(begin) {}

  [[nodiscard]] Instant now() const override { return now_; }
  /// Starts on 1 January 2026, whatever the day is: the same run has the same bytes.
  [[nodiscard]] WallTime wall() const override {
    constexpr std::int64_t kFirst_ms = 1'767'225'600'000;
    return {kFirst_ms + now_.ns / 1'000'000};
  }
  [[nodiscard]] Duration asleep() const override {
    return suspended_at_ && now_ >= *suspended_at_ ? suspended_for_ : Duration{};
  }

  void move_to(Instant time) {
    expects(time >= now_, "a clock that does not go back");
    now_ = time;
  }
  /// The machine sleeps so long when `now` reaches `at`, which itself stands still meanwhile.
  void suspend(Instant at, Duration length) {
    suspended_at_ = at;
    suspended_for_ = length;
  }

 private:
  Instant now_;
  std::optional<Instant> suspended_at_;
  Duration suspended_for_{};
};

}  // namespace gradwatt
