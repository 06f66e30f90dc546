#pragma once

#include "analyze/goal.h"
#include "analyze/log_interval.h"
#include "analyze/minimise.h"
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

  /// Finished runs that tell whether they reached the goal.
  [[nodiscard]] int judged() const { return finished - goal_unknown; }

  // One number per run that has it; what comparisons use.
  std::vector<double> energies_per_epoch_j;
  std::vector<double> epochs_to_goal;
  std::vector<double> energies_to_goal_j;
  std::vector<double> times_to_goal_s;
  std::vector<double> costs_per_epoch;  ///< What is made small, minimise.h.
  std::vector<double> costs_to_goal;
  std::vector<double> costs_per_run;
  std::vector<double> energies_per_run_j;  ///< All that a run spent.
  std::vector<double> times_per_run_s;

  std::optional<Estimate> energy_per_epoch_j;  ///< Geometric mean over the finished runs.
  std::optional<Estimate> epochs_needed;       ///< Geometric mean over those that reached.
  /// Geometric mean when all finished runs reached the goal, with its interval; the expected energy
  /// of energy_to_goal.h, without one, when some did not.
  std::optional<Estimate> energy_to_goal_j;
  std::optional<Estimate> cost_per_epoch;  ///< As energy_per_epoch_j.
  std::optional<Estimate> cost_to_goal;    ///< As energy_to_goal_j.
  std::optional<Estimate> cost_per_run;    ///< Geometric mean over the finished runs.
  std::optional<Estimate> time_to_goal_s;  ///< Geometric mean; absent when a repeat missed it.

  std::optional<double> time_spent_s;   ///< Mean over finished runs.
  std::vector<double> metrics;          ///< Best value of each finished run that has it.
  std::optional<double> metric;         ///< Their mean.
  std::vector<double> tail_energies_j;  ///< Of each finished run; wasted_tail.h.
  std::vector<double> overhead_shares;  ///< Of each finished run; run_overhead.h.
  std::optional<double> idle_share;     ///< Of their energy: mean over runs that tell it.
  std::optional<double> starved_share;  ///< Mean over runs that tell it; run_overhead.h.

  std::optional<double> energy_spent_j;  ///< Mean over finished runs of all they used.
  bool first_epoch_counted = false;      ///< A run of one epoch is in energy_per_epoch_j.
  int cost_unknown = 0;  ///< Runs that reached the goal at a cost that is not known: left out.
  int goal_unknown = 0;  ///< Finished runs that do not tell the goal's metric: left out.
  bool outside_unknown = false;  ///< A run's energy outside epochs is not in the sum.
};

/// What a setup is judged by.
struct SetupQuestion {
  std::optional<GoalLine> goal = {};
  Minimise minimise = Minimise::energy;
  /// The accuracy that no advice may cost; empty: none is known. With a goal it is the goal's.
  std::string metric = {};
  bool smaller_is_better = false;  ///< Of `metric`.
};

[[nodiscard]] SetupResult result_of(std::span<const RunRow* const> runs,
                                    const SetupQuestion& question);

}  // namespace gradwatt
