#pragma once

#include <functional>
#include <optional>
#include <string>

namespace gradwatt {

/// Where this process stands among those that train together.
struct Place {
  int rank = 0;
  int world = 1;
  int local_rank = 0;   ///< On its node.
  int local_world = 1;  ///< Processes on this node.
  std::string launcher = "alone";
  std::string file;            ///< Rendezvous by this file (ranks of one machine); else by ...
  std::string address;         ///< ... the host of rank 0 ...
  int port = 0;                ///< ... and this port of it.
  std::string launch_address;  ///< Where names of nodes mean nothing: where srun was called.
  bool is_hosted = false;      ///< The launcher itself answers there, no rank needs to.
  std::string attempt;         ///< Keys of an earlier attempt at the same address are not ours.

  [[nodiscard]] bool is_alone() const { return world == 1; }
  bool operator==(const Place&) const = default;
};

using Environment = std::function<std::optional<std::string>(const char* name)>;

/// Reads the place from the first of these that the environment holds:
///
///   gradwatt-train --ranks   GRADWATT_RANK, _WORLD, _RENDEZVOUS (a file)
///   torchrun                 RANK, WORLD_SIZE, LOCAL_RANK, LOCAL_WORLD_SIZE
///   Open MPI                 OMPI_COMM_WORLD_RANK, _SIZE, _LOCAL_RANK, _LOCAL_SIZE
///   MPICH, Intel MPI         PMI_RANK, PMI_SIZE, MPI_LOCALRANKID, MPI_LOCALNRANKS; not where
///                            srun --mpi=pmi2 has set them: then Slurm's
///   Slurm                    SLURM_PROCID, SLURM_STEP_NUM_TASKS or SLURM_NTASKS, SLURM_LOCALID
///
/// Rank 0's host is MASTER_ADDR, else the first node of Slurm's list, else this machine when all
/// ranks are on it. The port is MASTER_PORT, else one from 20000 to 39999 that the job's identity
/// decides.
/// Throws    Error naming the variable that is wrong or missing.
/// Example   SLURM_PROCID=5, SLURM_NTASKS=8, SLURM_LOCALID=1, SLURM_JOB_NODELIST=n[3-5,9]:
///           rank 5 of 8, local rank 1, address n3.
[[nodiscard]] Place place_from(const Environment& environment);

/// The process's own environment.
[[nodiscard]] std::optional<std::string> environment_variable(const char* name);

/// The first host of Slurm's compressed list.
/// Example   "gpu[003-005,9],x1" -> "gpu003"
[[nodiscard]] std::string first_host(const std::string& nodes);

}  // namespace gradwatt
