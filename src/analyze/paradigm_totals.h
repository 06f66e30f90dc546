#pragma once

#include "analyze/study_sweep.h"

#include <optional>
#include <span>

namespace gradwatt {

/// A paradigm or task averaged over its setups: a row of study 1's Table 4, or a cell of Table 3.
struct ParadigmTotal {
  double epoch_j = 0;  ///< Mean over setups of the energy per epoch.
  double epochs = 0;   ///< Mean over setups of the number of epochs.
  double total_j = 0;  ///< Mean over setups of the energy until the early stop.
  int setups = 0;
  std::optional<double> best_metric;  ///< Mean over the same setups; absent: one has none.
};

/// Means over the setups that have an energy. Takes  only: indices of setups to average; those of
/// a fair comparison are the ones that all its sweeps have.
/// Returns  nullopt when there is none.
/// Example  Setups of 10 epochs of 2 J and of 30 epochs of 4 J: 3 J, 20 epochs, 70 J.
[[nodiscard]] std::optional<ParadigmTotal> paradigm_total(const StudySweep& sweep,
                                                          std::span<const std::size_t> only);

/// Indices of the setups that have an energy in every one of the sweeps, whose grids are equal;
/// none when they are not.
[[nodiscard]] std::vector<std::size_t> setups_in_all(std::span<const StudySweep* const> sweeps);

/// Why one training of two tasks needs another energy than two trainings of one task each:
///
///   E_both / (E_a + E_b) = N_both / (N_a + N_b)  *  e_both / e_single
///   e_single = (E_a + E_b) / (N_a + N_b)
///
/// with E the energy, N the epochs and e the energy per epoch. The product is exact.
struct MultitaskSplit {
  double to_sum = 0;          ///< E_both / (E_a + E_b).
  double to_best_single = 0;  ///< E_both / min(E_a, E_b).
  double epochs = 0;          ///< The factor of the number of epochs.
  double epoch_energy = 0;    ///< The factor of the energy per epoch.
};

/// Takes    positive energies and numbers of epochs of whole trainings.
/// Example  Study 1, Table 4, CUDA: 3.19 Wh against 8.27 + 3.37 Wh is 0.274 of it, 0.274 from the
///          epochs (142 / 518) and 0.999 from the energy per epoch; 0.946 of the best single task.
struct TaskCost {
  double energy = 0;
  double epochs = 0;
};
[[nodiscard]] MultitaskSplit multitask_split(const TaskCost& first,
                                             const TaskCost& second,
                                             const TaskCost& both);

}  // namespace gradwatt
