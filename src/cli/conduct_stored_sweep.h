#pragma once

#include "experiment/sweep_file.h"
#include "experiment/sweep_plan.h"
#include "record/store.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gradwatt {

/// The exit status of a sweep of which points failed or are left.
inline constexpr int kPointsFailedOrLeft = 3;

/// How a sweep is run from the command line.
struct SweepSession {
  std::string again;             ///< The command line that goes on with it, for the user to copy.
  bool retry_failed = false;     ///< Run failed points again.
  std::filesystem::path folder;  ///< Where commands start; empty: the current folder.
  bool json = false;             ///< What a search found is told as JSON.
};

/// The seed that orders the sweep: the file's, else that of the runs so far, else a new one.
[[nodiscard]] std::uint64_t seed_for(const SweepFile& file, const Store& store);

/// The program behind `workload`, or "" for a command. Throws Error when it is nowhere, unless a
/// name to show is enough.
[[nodiscard]] std::string trainer_for(const SweepFile& file, bool name_is_enough);

/// Runs what is not done of a sweep, one point after the other, and shows it on stderr.
/// Returns  the exit status: 0, kPointsFailedOrLeft, or 128 and the number of the signal that
///          stopped it.
/// Throws   Error when gradwatt-train is needed and nowhere, or the sweep is going on already.
[[nodiscard]] int conduct_stored_sweep(const SweepFile& file,
                                       const Store& store,
                                       const SweepSession& session);

/// Points of a sweep in the order in which they run, and the seed that it came from.
struct OrderedPoints {
  std::vector<PlannedPoint> points;
  std::uint64_t seed = 0;
};

/// The same with these points instead of those of the file's grid.
[[nodiscard]] int conduct_points(const SweepFile& file,
                                 const Store& store,
                                 const SweepSession& session,
                                 OrderedPoints ordered);

/// Prints the order and every command, and runs nothing. Returns 0.
[[nodiscard]] int show_planned_sweep(const SweepFile& file,
                                     const Store& store,
                                     const SweepSession& session);

}  // namespace gradwatt
