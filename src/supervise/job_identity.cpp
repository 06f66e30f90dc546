#include "supervise/job_identity.h"

#include <charconv>
#include <cstdint>
#include <string_view>
#include <unistd.h>

namespace gradwatt {
namespace {

/// Steps from here on are no tasks of srun: the batch script, an interactive shell.
constexpr std::int64_t kSpecialSteps = 0xfffffff0;

std::optional<std::int64_t> whole_number_in(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= 0
             ? std::optional(value)
             : std::nullopt;
}

/// The launcher's variables as numbers and words.
class LauncherFacts {
 public:
  explicit LauncherFacts(const EnvironmentLookup& variable) : variable_(variable) {}

  [[nodiscard]] std::string word(const char* name) const { return variable_(name).value_or(""); }
  [[nodiscard]] bool has(const char* name) const { return !word(name).empty(); }
  [[nodiscard]] std::optional<int> count(const char* name) const {
    const auto number = whole_number_in(word(name));
    return number && *number < 1'000'000'000 ? std::optional(static_cast<int>(*number))
                                             : std::nullopt;
  }
  [[nodiscard]] std::optional<int> count(const char* name, const char* otherwise) const {
    const auto found = count(name);
    return found ? found : count(otherwise);
  }
  /// "slurm-7.0", with what tells two starts of one job apart; empty outside of a step of srun.
  [[nodiscard]] std::string slurm_step() const {
    const auto step = whole_number_in(word("SLURM_STEP_ID"));
    if (!has("SLURM_JOB_ID") || !step || *step >= kSpecialSteps) {
      return "";
    }
    std::string text = "slurm-" + word("SLURM_JOB_ID") + "." + word("SLURM_STEP_ID");
    const std::string cluster = word("SLURM_CLUSTER_NAME");
    const std::string restart = word("SLURM_RESTART_COUNT");
    return text + (cluster.empty() ? "" : "-" + cluster) + (restart.empty() ? "" : "-r" + restart);
  }
  [[nodiscard]] std::string master() const {
    return word("MASTER_ADDR") + "-" + word("MASTER_PORT");
  }

 private:
  const EnvironmentLookup& variable_;
};

std::optional<int> nodes_for(std::optional<int> ranks, std::optional<int> ranks_here) {
  if (!ranks || !ranks_here || *ranks_here < 1) {
    return std::nullopt;
  }
  return (*ranks + *ranks_here - 1) / *ranks_here;
}

std::optional<JobIdentity> of_torchrun(const LauncherFacts& facts) {
  const auto ranks = facts.count("WORLD_SIZE");
  if (!facts.has("TORCHELASTIC_RUN_ID") || !facts.count("RANK") || ranks.value_or(1) < 2) {
    return std::nullopt;
  }
  JobIdentity job;
  job.launcher = "torchrun";
  job.outer = facts.slurm_step();
  job.job = (job.outer.empty() ? "torchrun-" + facts.word("TORCHELASTIC_RUN_ID") : job.outer) +
            "-" + facts.master() + "-t" + facts.word("TORCHELASTIC_RESTART_COUNT");
  job.rank = facts.count("RANK");
  job.ranks_here = facts.count("LOCAL_WORLD_SIZE");
  job.nodes = nodes_for(ranks, job.ranks_here);
  return job;
}

std::optional<JobIdentity> of_open_mpi(const LauncherFacts& facts) {
  const auto ranks = facts.count("OMPI_COMM_WORLD_SIZE");
  if (!facts.count("OMPI_COMM_WORLD_RANK") || ranks.value_or(1) < 2) {
    return std::nullopt;
  }
  JobIdentity job;
  job.launcher = "mpi";
  job.outer = facts.slurm_step();
  job.job = "mpi-" + facts.word("SLURM_JOB_ID") + "-" + facts.word("PMIX_NAMESPACE") + "-" +
            facts.word("OMPI_MCA_orte_hnp_uri");
  job.rank = facts.count("OMPI_COMM_WORLD_RANK");
  job.ranks_here = facts.count("OMPI_COMM_WORLD_LOCAL_SIZE");
  job.nodes = facts.count("OMPI_MCA_orte_num_nodes");
  if (!job.nodes) {
    job.nodes = nodes_for(ranks, job.ranks_here);
  }
  return job;
}

std::optional<JobIdentity> of_srun(const LauncherFacts& facts) {
  JobIdentity job;
  job.outer = facts.slurm_step();
  const auto ranks = facts.count("SLURM_STEP_NUM_TASKS", "SLURM_NTASKS");
  if (job.outer.empty() || !facts.count("SLURM_PROCID") || ranks.value_or(1) < 2) {
    return std::nullopt;
  }
  job.launcher = "slurm";
  job.job = job.outer;
  job.rank = facts.count("SLURM_PROCID");
  job.nodes = facts.count("SLURM_STEP_NUM_NODES", "SLURM_NNODES");
  if (const auto node = facts.count("SLURM_NODEID")) {
    job.ranks_here = tasks_on_node(facts.word("SLURM_STEP_TASKS_PER_NODE"), *node);
  }
  return job;
}

/// Hydra gives its processes nothing in common but their parent: only one node's know each other.
std::optional<JobIdentity> of_hydra(const LauncherFacts& facts) {
  const auto ranks = facts.count("PMI_SIZE");
  if (!facts.count("PMI_RANK") || ranks.value_or(1) < 2) {
    return std::nullopt;
  }
  JobIdentity job;
  job.launcher = "mpi";
  job.job = "hydra-" + std::to_string(::getppid());
  job.rank = facts.count("PMI_RANK");
  job.ranks_here = facts.count("MPI_LOCALNRANKS");
  job.nodes = nodes_for(ranks, job.ranks_here);
  return job;
}

std::optional<JobIdentity> of_ranks(const LauncherFacts& facts) {
  const auto ranks = facts.count("WORLD_SIZE");
  if (!facts.count("RANK") || ranks.value_or(1) < 2 || !facts.has("MASTER_ADDR") ||
      !facts.has("MASTER_PORT")) {
    return std::nullopt;
  }
  JobIdentity job;
  job.launcher = "ranks";
  job.job = "ranks-" + facts.master();
  job.rank = facts.count("RANK");
  job.ranks_here = facts.count("LOCAL_WORLD_SIZE");
  job.nodes = nodes_for(ranks, job.ranks_here);
  return job;
}

std::optional<JobIdentity> of_launcher(const LauncherFacts& facts) {
  for (const auto identify : {of_torchrun, of_open_mpi, of_srun, of_hydra, of_ranks}) {
    if (auto job = identify(facts)) {
      return job;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<JobIdentity> identify_job(const EnvironmentLookup& variable,
                                        const std::string& group,
                                        const std::string& host) {
  const LauncherFacts facts(variable);
  std::optional<JobIdentity> job = of_launcher(facts);
  if (!group.empty()) {
    if (!job) {
      job.emplace();
      job->rank = facts.count("RANK");
    }
    job->launcher = "group";
    job->job = "group-" + group;
    job->outer = job->job;
  }
  if (job) {
    const std::string name = facts.word("SLURMD_NODENAME");
    job->node = name.empty() ? host : name;
  }
  return job;
}

std::optional<int> tasks_on_node(const std::string& list, int node) {
  std::string_view rest = list;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    std::string_view part = rest.substr(0, comma);
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    int nodes = 1;
    if (const auto times = part.find("(x"); times != std::string_view::npos) {
      const auto number =
          part.ends_with(")")
              ? whole_number_in(std::string(part.substr(times + 2, part.size() - times - 3)))
              : std::nullopt;
      if (!number) {
        return std::nullopt;
      }
      nodes = static_cast<int>(*number);
      part = part.substr(0, times);
    }
    const auto tasks = whole_number_in(std::string(part));
    if (!tasks) {
      return std::nullopt;
    }
    if (node < nodes) {
      return static_cast<int>(*tasks);
    }
    node -= nodes;
  }
  return std::nullopt;
}

}  // namespace gradwatt
