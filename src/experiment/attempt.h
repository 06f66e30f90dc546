#pragma once

#include "record/manifest.h"
#include "trace/run_account.h"
#include "units/energy.h"
#include "units/instant.h"

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// One run of a point, finished or not, as far as its sweep needs to know it.
struct Attempt {
  std::string run_id;
  std::string key;  ///< Of the point it ran.
  RunState state = RunState::running;
  std::optional<int> exit_status;
  std::optional<Duration> duration;
  std::optional<Energy> energy;  ///< Absent: nothing was measured, or the run is going on.
  EnergyKind kind = EnergyKind::missing;
  std::optional<double> metric;  ///< The best value of the goal's metric in any epoch.
};

/// Where a point stands. An interrupted point counts as open: it will be run again.
enum class PointState { open, running, done, failed };

/// The attempt that speaks for a point: one that is running, else the newest done one, else the
/// newest. nullptr when the point was never started.
/// Takes  attempts: of one sweep, oldest first.
[[nodiscard]] const Attempt* attempt_for(const std::string& key,
                                         const std::vector<Attempt>& attempts);

/// What attempt_for says: done stays done, failed is a result, interrupted and never started are
/// open.
[[nodiscard]] PointState state_of(const std::string& key, const std::vector<Attempt>& attempts);

/// Whether a run was ended by somebody rather than by itself: exit status 128 + SIGHUP, SIGINT or
/// SIGTERM. Such a run says nothing about its setup, so it counts as interrupted, not as failed.
[[nodiscard]] bool was_stopped(std::optional<int> exit_status);

}  // namespace gradwatt
