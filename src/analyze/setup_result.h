#pragma once

#include "analyze/goal.h"
#include "analyze/log_interval.h"
#include "analyze/table.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// What became of a setup. With a goal, `measured` means that every finished repeat reached it.
enum class SetupState {
  measured,
  partly_reached,  ///< Some finished repeats reached the goal, others did not.
  not_reached,     ///< Repeats finished; none reached the goal.
  no_energy,       ///< Repeats finished; their energy is not known.
  failed,          ///< No repeat finished, at least one failed.
  stopped,         ///< No repeat finished; a search stopped one, because it had lost.
  unfinished,      ///< No repeat finished or failed: interrupted, or still running.
  not_run,
};

[[nodiscard]] const char* name_of(SetupState state);

/// One cell of a grid: what all repeats of a setup say together.
struct SetupResult {
  std::vector<std::size_t> place;  ///< Index of its value on each axis.
  SetupState state = SetupState::not_run;
  std::vector<std::string> runs;  ///< Ids of the finished runs, else of all of them.
  int finished = 0;
  int failed = 0;
  int unfinished = 0;
  int stopped = 0;                     ///< Of the unfinished: by a search.
  std::optional<double> stopped_at_j;  ///< The most that one of these had used.
  int reached = 0;                     ///< Of the finished. Without a goal: 0.

  // One number per run that has it; what comparisons use.
  std::vector<double> energies_per_epoch_j;
  std::vector<double> epochs_to_goal;
  std::vector<double> energies_to_goal_j;

  std::optional<Estimate> energy_per_epoch_j;  ///< Geometric mean over the finished runs.
  std::optional<Estimate> epochs_needed;       ///< Geometric mean over those that reached.
  /// Geometric mean when all finished runs reached the goal, with its interval; the expected energy
  /// of energy_to_goal.h, without one, when some did not.
  std::optional<Estimate> energy_to_goal_j;

  std::optional<double> energy_spent_j;  ///< Mean over finished runs of all they used.
  bool first_epoch_counted = false;      ///< A run of one epoch is in energy_per_epoch_j.
  bool outside_unknown = false;          ///< A run's energy outside epochs is not in the sum.
};

/// Takes  the runs of one setup, and the goal if there is one.
[[nodiscard]] SetupResult result_of(std::span<const RunRow* const> runs,
                                    const std::optional<GoalLine>& goal);

}  // namespace gradwatt
