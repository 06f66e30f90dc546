#pragma once

#include <functional>
#include <optional>
#include <string>

namespace gradwatt {

/// A variable of the environment; nullopt when it is not set.
using EnvironmentLookup = std::function<std::optional<std::string>(const char* name)>;

/// Which job of several processes this process belongs to, and its place there.
struct JobIdentity {
  std::string job;          ///< The same in all processes of the job, on all nodes.
  std::string node;         ///< Of this process.
  std::optional<int> rank;  ///< Among all processes.
  std::optional<int> nodes;
  std::optional<int> ranks_here;  ///< How many of its processes run on this node.
  std::string launcher;           ///< "slurm", "torchrun", "mpi", "ranks" or "group".
  /// The part of `job` that an outer wrapper (srun gradwatt run -- torchrun ...) sees, too.
  std::string outer;
};

/// What the launcher's variables say; nullopt when this process is the only one of its job.
///
///   torchrun   TORCHELASTIC_RUN_ID, RANK, WORLD_SIZE, LOCAL_WORLD_SIZE, MASTER_ADDR, MASTER_PORT
///   mpirun     OMPI_COMM_WORLD_RANK, _SIZE, _LOCAL_SIZE, PMIX_NAMESPACE (Open MPI);
///              PMI_RANK, PMI_SIZE, MPI_LOCALNRANKS (Hydra, on one node)
///   srun       SLURM_JOB_ID, SLURM_STEP_ID, SLURM_PROCID; not the batch script itself
///   others     RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT
///
/// The node is SLURMD_NODENAME where it is set, else the host.
/// Takes    group: names the job where the launcher does not; empty: it is not given.
/// Example  SLURM_JOB_ID=7 SLURM_STEP_ID=0 SLURM_NTASKS=4 SLURM_PROCID=2 SLURMD_NODENAME=n1:
///          job "slurm-7.0", rank 2, node "n1".
[[nodiscard]] std::optional<JobIdentity> identify_job(const EnvironmentLookup& variable,
                                                      const std::string& group,
                                                      const std::string& host);

/// How many tasks a node has in "2(x3),1", Slurm's list for all nodes; nullopt when it has no such
/// node or is no such list. Example: node 3 has 1.
[[nodiscard]] std::optional<int> tasks_on_node(const std::string& list, int node);

}  // namespace gradwatt
