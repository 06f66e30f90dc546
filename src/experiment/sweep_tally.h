#pragma once

#include "experiment/attempt.h"
#include "experiment/sweep_plan.h"

#include <optional>
#include <span>
#include <vector>

namespace gradwatt {

/// Where a sweep stands, derived from what is stored and so the same after a resume.
struct SweepTally {
  int points = 0;
  int done = 0;
  int failed = 0;
  int open = 0;  ///< Never started, interrupted or running.

  /// Of every attempt at the planned points, failed and interrupted ones too: it was spent.
  Energy energy;
  int attempts_without_energy = 0;  ///< Ended, but not in `energy`: theirs is unknown.
  EnergyKind kind = EnergyKind::missing;

  std::optional<Duration> duration_mean;  ///< Of the done points.
  std::optional<Energy> energy_mean;      ///< Of the done points whose energy is known.
  int attempts_elsewhere = 0;  ///< Runs under the sweep's name that are none of these points.
};

/// Takes  attempts: of the sweep, oldest first.
/// Law    done + failed + open = points.
[[nodiscard]] SweepTally tally(std::span<const PlannedPoint> points,
                               const std::vector<Attempt>& attempts);

/// What `count` more points will take: count times the mean of the done ones. nullopt while none
/// is done. Example: 4 points left at 10 s each, with pauses of 2 s between, take 48 s.
[[nodiscard]] std::optional<Duration> time_for(int count,
                                               const SweepTally& tally,
                                               Duration cooldown);
[[nodiscard]] std::optional<Energy> energy_for(int count, const SweepTally& tally);

}  // namespace gradwatt
