#pragma once

#include "experiment/attempt.h"
#include "experiment/point_runner.h"
#include "experiment/sweep_plan.h"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace gradwatt {

/// Told what happens, to show it. Each call comes after the fact is stored.
class SweepWatcher {
 public:
  virtual ~SweepWatcher() = default;
  /// Once per leftover: a point of an earlier, killed sweep is still running.
  virtual void waiting_for(const Attempt& leftover) = 0;
  virtual void starting(const PlannedPoint& point) = 0;
  /// Takes  to_run: how many points are still to be run after this one.
  virtual void ended(const PlannedPoint& point,
                     const std::vector<Attempt>& attempts,
                     int to_run) = 0;
};

struct SweepRules {
  bool retry_failed = false;
  bool stop_on_failure = false;
  Duration cooldown{};  ///< Pause between two points.
  std::optional<Energy> energy_max;
};

/// Why a sweep ended. `completed` says that no point was left to run, not that all went well.
enum class SweepEnd { completed, failure, energy_limit, stopped };

struct SweepOutcome {
  SweepEnd end = SweepEnd::completed;
  std::optional<int> signal;  ///< Of `stopped`.
};

/// The points that a sweep would run now, in order: open ones, and failed ones when asked to.
[[nodiscard]] std::vector<const PlannedPoint*> points_to_run(std::span<const PlannedPoint> points,
                                                             const std::vector<Attempt>& attempts,
                                                             bool retry_failed);

/// Waits until no run of the sweep is going on, and announces each once. Returns the signal when
/// somebody asks to stop meanwhile.
[[nodiscard]] std::optional<int> wait_for_leftovers(
    const std::function<std::vector<Attempt>()>& attempts,
    PointRunner& runner,
    const std::function<void(const Attempt& leftover)>& announce);

/// Runs what points_to_run names, one after the other.
///
/// Before the first, it waits until no run of the sweep is going on: two trainings at once would
/// measure each other. Before each, it looks whether the energy of all attempts has reached the
/// limit; so the limit is passed by at most one point.
/// Takes   attempts: reads the store; called once at the start and after every point.
/// Throws  Error when `gradwatt run` ended without storing the run: the next would, too.
[[nodiscard]] SweepOutcome conduct_sweep(std::span<const PlannedPoint> points,
                                         const SweepRules& rules,
                                         const std::function<std::vector<Attempt>()>& attempts,
                                         PointRunner& runner,
                                         SweepWatcher& watcher);

}  // namespace gradwatt
