#pragma once

#include <string>
#include <vector>

namespace gradwatt {

/// [launcher] with kind = "slurm": each point is a task of a job array.
struct SlurmLauncher {
  std::vector<std::string> sbatch;  ///< Options for sbatch, one word each: "--partition=gpu".
  int nodes = 1;                    ///< Of each point.
  int ntasks = 1;                   ///< Processes of each point, over all its nodes.
  int array_parallel = 0;           ///< Points that may run at once; 0: as many as Slurm likes.
  int tasks_per_node = 0;           ///< At most, and nodes follow from it; 0: `nodes` says.
  std::string nodes_from = {};      ///< The axis or fixed value that says `nodes`; empty: none.
  std::string ntasks_from = {};     ///< The same for `ntasks`.

  /// Whether srun starts the processes, each with its own `gradwatt run`.
  [[nodiscard]] bool uses_srun() const { return nodes > 1 || ntasks > 1; }

  /// Whether points may differ in their size: launcher_of has that of one.
  [[nodiscard]] bool asks_points() const { return !nodes_from.empty() || !ntasks_from.empty(); }
};

}  // namespace gradwatt
