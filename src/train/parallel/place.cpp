#include "train/parallel/place.h"

#include "base/error.h"
#include "train/parallel/cpus_of_rank.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <unistd.h>

namespace gradwatt {
namespace {

/// The variables of one launcher. Local ones may be absent where it does not say.
struct LauncherNames {
  const char* launcher;
  const char* rank;
  const char* world;
  const char* local_rank;
  const char* local_world;

  [[nodiscard]] bool is_slurm() const { return std::string_view(launcher) == "slurm"; }
};

constexpr std::array<LauncherNames, 6> kLaunchers{{
    {"ranks", "GRADWATT_RANK", "GRADWATT_WORLD", "GRADWATT_RANK", "GRADWATT_WORLD"},
    {"torchrun", "RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE"},
    {"openmpi",
     "OMPI_COMM_WORLD_RANK",
     "OMPI_COMM_WORLD_SIZE",
     "OMPI_COMM_WORLD_LOCAL_RANK",
     "OMPI_COMM_WORLD_LOCAL_SIZE"},
    {"pmi", "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "MPI_LOCALNRANKS"},
    // Of the step: what the job asked for may be more than what runs here.
    {"slurm", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID", "SLURM_STEP_TASKS_PER_NODE"},
    {"slurm", "SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID", "SLURM_TASKS_PER_NODE"},
}};

/// The number that `text` starts with: Slurm writes "4(x2)" for four on each of two nodes.
std::optional<int> leading_number(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && value >= 0 ? std::optional(value) : std::nullopt;
}

std::optional<int> number_in(const Environment& environment, const char* name) {
  const auto text = environment(name);
  if (!text || text->empty()) {
    return std::nullopt;
  }
  const auto value = leading_number(*text);
  if (!value) {
    throw Error(fmt::format("\"{}\" is not a number", *text),
                name,
                "the launcher sets it; unset it to train alone");
  }
  return value;
}

/// How many tasks Slurm starts on its node number `node`: "4(x2),1" is 4, 4, 1.
std::optional<int> tasks_on_node(const std::string& list, int node) {
  std::size_t at = 0;
  while (at < list.size()) {
    const std::string group = list.substr(at, list.find(',', at) - at);
    const auto times = group.find("(x");
    node -= times == std::string::npos ? 1 : leading_number(group.substr(times + 2)).value_or(1);
    if (node < 0) {
      return leading_number(group);
    }
    at += group.size() + 1;
  }
  return std::nullopt;
}

std::optional<Place> ranks_from(const Environment& environment, const LauncherNames& names) {
  const auto rank = number_in(environment, names.rank);
  const auto world = number_in(environment, names.world);
  if (!rank || !world) {
    return std::nullopt;
  }
  if (*world < 1 || *rank >= *world) {
    throw Error(fmt::format("rank {} of {} cannot be", *rank, *world),
                fmt::format("{} and {}", names.rank, names.world),
                "the launcher sets them; unset both to train alone");
  }
  Place place;
  place.rank = *rank;
  place.world = *world;
  place.launcher = names.launcher;
  place.local_rank = number_in(environment, names.local_rank).value_or(*rank);
  // Where nothing is said of the nodes there is one.
  place.local_world = number_in(environment, names.local_world).value_or(*world);
  if (const auto node = number_in(environment, "SLURM_NODEID"); node && names.is_slurm()) {
    const auto tasks = tasks_on_node(environment(names.local_world).value_or(""), *node);
    place.local_world = tasks.value_or(place.local_world);
  }
  return place;
}

/// Alike in all processes of a job and in no others at that time, as far as the launcher tells.
std::string job_identity(const Environment& environment) {
  std::string identity;
  for (const char* name : {"SLURM_JOB_ID",
                           "SLURM_STEP_ID",
                           "PMIX_NAMESPACE",
                           "TORCHELASTIC_RUN_ID",
                           "OMPI_MCA_ess_base_jobid",
                           "PMI_ID",
                           "HYDI_CONTROL_FD"}) {
    identity += environment(name).value_or("") + "/";
  }
  return identity;
}

constexpr int kFirstPort = 20000;
constexpr int kPorts = 20000;

int port_of(const std::string& identity) {
  std::uint32_t hash = 2166136261U;  // FNV-1a
  for (const char c : identity) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  }
  return kFirstPort + static_cast<int>(hash % kPorts);
}

std::string address_of(const Environment& environment, const Place& place) {
  if (const auto address = environment("MASTER_ADDR"); address && !address->empty()) {
    return *address;
  }
  if (place.local_world == place.world) {
    return "127.0.0.1";
  }
  for (const char* name : {"SLURM_STEP_NODELIST", "SLURM_JOB_NODELIST"}) {
    if (const auto nodes = environment(name); nodes && !nodes->empty()) {
      return first_host(*nodes);
    }
  }
  throw Error("the ranks are on several nodes, and nothing says where rank 0 is",
              "MASTER_ADDR",
              "set it to the host name of rank 0's node");
}

/// The script that sbatch starts has a rank and a number of tasks, too, but runs once.
bool is_batch_script(const Environment& environment) {
  return environment("SLURM_TASK_PID") && !environment("SLURM_STEP_ID");
}

/// Whether the ranks of PMI are tasks of srun, as with --mpi=pmi2. Only Slurm's variables then say
/// which of them share a node. Hydra's ranks in a job of Slurm are no tasks: their numbers differ.
bool is_task_of_srun(const Environment& environment, const Place& place) {
  if (is_batch_script(environment) || !environment("SLURM_LOCALID")) {
    return false;
  }
  const auto of_step = number_in(environment, "SLURM_STEP_NUM_TASKS");
  const auto world = of_step ? of_step : number_in(environment, "SLURM_NTASKS");
  return number_in(environment, "SLURM_PROCID") == place.rank && world == place.world;
}

}  // namespace

std::optional<std::string> environment_variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

std::string first_host(const std::string& nodes) {
  const auto bracket = nodes.find('[');
  const auto comma = nodes.find(',');
  if (bracket == std::string::npos || comma < bracket) {
    return nodes.substr(0, comma);
  }
  const auto end = nodes.find_first_of("-,]", bracket);
  return nodes.substr(0, bracket) + nodes.substr(bracket + 1, end - bracket - 1);
}

Place place_from(const Environment& environment) {
  for (const LauncherNames& names : kLaunchers) {
    if (names.is_slurm() && is_batch_script(environment)) {
      continue;
    }
    std::optional<Place> place = ranks_from(environment, names);
    if (!place || (place->launcher == "pmi" && is_task_of_srun(environment, *place))) {
      continue;  // Slurm stands further down.
    }
    if (place->is_alone()) {
      return {};
    }
    if (place->launcher == "ranks") {
      place->file = environment("GRADWATT_RENDEZVOUS").value_or("");
      return *place;
    }
    place->address = address_of(environment, *place);
    if (!environment("MASTER_ADDR")) {
      place->launch_address = environment("SLURM_LAUNCH_NODE_IPADDR").value_or("");
    }
    place->port =
        number_in(environment, "MASTER_PORT").value_or(port_of(job_identity(environment)));
    place->is_hosted = environment("TORCHELASTIC_USE_AGENT_STORE").value_or("") == "True";
    place->attempt = environment("TORCHELASTIC_RESTART_COUNT").value_or("0");
    return *place;
  }
  return {};
}

int cpus_of_rank(int available, const Place& place, const Environment& environment) {
  if (place.launcher == "slurm") {
    if (const auto asked = number_in(environment, "SLURM_CPUS_PER_TASK"); asked && *asked > 0) {
      return std::min(*asked, available);
    }
  }
  return std::max(1, available / place.local_world);
}

}  // namespace gradwatt
