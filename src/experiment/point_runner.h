#pragma once

#include "experiment/sweep_plan.h"
#include "units/instant.h"

#include <optional>

namespace gradwatt {

/// Where the points of a sweep run. A sweep acts on the world through this and nothing else, so
/// that its schedule can be tested without a process. One call at a time.
class PointRunner {
 public:
  virtual ~PointRunner() = default;

  struct End {
    int exit_status = 0;             ///< Of `gradwatt run`.
    std::optional<int> stop_signal;  ///< Somebody asked the sweep to stop while the point ran.
  };
  /// Runs a point to its end under `gradwatt run`, which stores it. Throws Error when that cannot
  /// be started.
  [[nodiscard]] virtual End run(const PlannedPoint& point) = 0;

  /// Lets time pass. Returns at once with the signal when somebody asks the sweep to stop.
  [[nodiscard]] virtual std::optional<int> pause(Duration time) = 0;
};

}  // namespace gradwatt
