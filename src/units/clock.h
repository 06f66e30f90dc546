#pragma once

#include "units/instant.h"

namespace gradwatt {

/// Where time comes from, so that tests own it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
  [[nodiscard]] virtual WallTime wall() const = 0;
  /// How long the machine has been suspended since it was started; `now` stands still meanwhile.
  [[nodiscard]] virtual Duration asleep() const { return {}; }
};

/// CLOCK_MONOTONIC, CLOCK_REALTIME and CLOCK_BOOTTIME of this machine.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
  [[nodiscard]] WallTime wall() const override;
  [[nodiscard]] Duration asleep() const override;
};

}  // namespace gradwatt
