#pragma once

#include "analyze/goal.h"
#include "analyze/table.h"

#include <optional>
#include <span>

namespace gradwatt {

/// What it took a run to reach its goal.
struct GoalCost {
  /// Up to and including the first that reaches it. Absent: the table does not tell epochs.
  std::optional<int> epochs;
  std::optional<double> energy_j;     ///< Absent: the energy of an epoch before is not known.
  bool outside_epochs_known = false;  ///< false: `energy_j` is without start-up and the like.
  /// The same sum of times; absent when one is not known.
  std::optional<double> time_s;
};

/// Energy until a run first reaches the goal:
///
///   E = sum of E_k over the epochs up to and including K, the first that reaches it, + E_outside
///
/// E_outside is the run's whole energy outside epochs (start-up, loading, saving): the table does
/// not say which part of it came before K, and nearly all of it is start-up.
///
/// Of a run without epochs all that it spent counts, when it reached the goal: by its metric, else
/// by what its table says (RunRow::reached).
///
/// Returns  nullopt when no epoch reaches the goal.
/// Example  Epochs of 150, 100 and 104 J with val_acc 0.7, 0.9 and 0.91, 20 J outside: val_acc >=
///          0.9 takes 2 epochs and 270 J.
[[nodiscard]] std::optional<GoalCost> cost_to_goal(const RunRow& run, const GoalLine& goal);

/// Whether a run says if it reached the goal: an epoch has the metric, or the run as a whole has it
/// or is told to have reached it or not.
[[nodiscard]] bool tells_goal(const RunRow& run, const GoalLine& goal);

/// All that a run spent: its total, else its epochs and what lies outside them. nullopt when a part
/// is not known.
[[nodiscard]] std::optional<double> energy_spent(const RunRow& run);

/// Time that a run took in all; nullopt when it is not known.
[[nodiscard]] std::optional<double> time_spent(const RunRow& run);

/// Energy to expect until a setup that does not always reach the goal has reached it, when it is
/// tried again until it does. With the share q of tries that reach it,
///
///   E = mean(E_reached) + (1 - q) / q * mean(E_missed)
///
/// because (1 - q) / q tries are missed, on average, before one is not (geometric distribution).
///
/// Takes    at least one energy that reached it; any number that missed it; n_reached: how many
///          reached it, where the energy of some of them is not known.
/// Example  100 J and 120 J reached it, 300 J missed it: 110 + (1/3) / (2/3) * 300 = 260 J.
[[nodiscard]] double expected_energy(std::span<const double> reached,
                                     std::span<const double> missed,
                                     std::optional<int> n_reached = std::nullopt);

}  // namespace gradwatt
