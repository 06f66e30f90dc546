#include "supervise/run_environment.h"

#include "base/file.h"
#include "measure/cpu_identity.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <set>
#include <sstream>
#include <sys/utsname.h>
#include <unistd.h>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr std::array kVariables{"CUDA_VISIBLE_DEVICES",
                                "ROCR_VISIBLE_DEVICES",
                                "HIP_VISIBLE_DEVICES",
                                "OMP_NUM_THREADS",
                                "OPENBLAS_NUM_THREADS",
                                "MKL_NUM_THREADS",
                                "RANK",
                                "WORLD_SIZE",
                                "LOCAL_RANK",
                                "SLURM_JOB_ID",
                                "SLURM_STEP_ID",
                                "SLURM_ARRAY_JOB_ID",
                                "SLURM_ARRAY_TASK_ID",
                                "SLURM_PROCID",
                                "SLURM_NTASKS",
                                "SLURM_JOB_PARTITION",
                                "SLURM_JOB_NODELIST",
                                "CONDA_DEFAULT_ENV",
                                "VIRTUAL_ENV"};

/// The commit a reference stands for: a file of its own, or a line of packed-refs.
std::string resolve(const fs::path& git, const std::string& reference) {
  if (const auto commit = read_text(git / reference)) {
    return std::string(trimmed(*commit));
  }
  std::istringstream packed(read_text(git / "packed-refs").value_or(""));
  for (std::string line; std::getline(packed, line);) {
    if (line.ends_with(" " + reference)) {
      return line.substr(0, line.find(' '));
    }
  }
  return "";
}

bool names_a_secret(std::string option) {
  std::transform(option.begin(), option.end(), option.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  constexpr std::array kWords{
      "token", "secret", "password", "passwd", "api-key", "api_key", "apikey", "credential"};
  return std::any_of(kWords.begin(), kWords.end(), [&](const char* word) {
    return option.find(word) != std::string::npos;
  });
}

}  // namespace

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string git_commit(fs::path folder) {
  std::error_code error;
  while (!fs::exists(folder / ".git", error)) {
    if (folder == folder.parent_path()) {
      return "";
    }
    folder = folder.parent_path();
  }
  fs::path git = folder / ".git";
  fs::path shared = git;
  if (fs::is_regular_file(git, error)) {  // A worktree: "gitdir: PATH".
    const std::string text(trimmed(read_text(git).value_or("")));
    git = text.starts_with("gitdir: ") ? folder / text.substr(8) : fs::path();
    shared = git / trimmed(read_text(git / "commondir").value_or("."));
  }
  const std::string head(trimmed(read_text(git / "HEAD").value_or("")));
  return head.starts_with("ref: ") ? resolve(shared, head.substr(5)) : head;
}

std::map<std::string, std::string> run_environment(const fs::path& sysroot) {
  std::map<std::string, std::string> facts{{"gradwatt", GRADWATT_VERSION}, {"host", host_name()}};
  utsname system{};
  if (::uname(&system) == 0) {
    facts["kernel"] = std::string(system.sysname) + " " + system.release;
    facts["machine"] = system.machine;
  }
  const CpuIdentity cpu = identify_cpu(sysroot);
  if (!cpu.model_name.empty()) {
    facts["cpu"] = cpu.model_name;
  }
  if (cpu.logical_cpus > 0) {
    facts["cpus"] = std::to_string(cpu.logical_cpus);
  }
  std::error_code error;
  if (const std::string commit = git_commit(fs::current_path(error)); !commit.empty()) {
    facts["git_commit"] = commit;
  }
  for (const char* variable : kVariables) {
    if (const char* value = std::getenv(variable)) {
      facts[variable] = value;
    }
  }
  return facts;
}

std::map<std::string, std::string> sensor_facts(const std::vector<SourceColumns>& sources) {
  std::set<std::string> sensors;
  std::set<std::string> gpus;
  for (const SourceColumns& source : sources) {
    for (const ChannelInfo& channel : source.channels) {
      if (channel.in_total) {
        sensors.insert(channel.source + " " + channel.scope);
      }
      if (channel.scope.starts_with("gpu")) {
        gpus.insert(channel.device);
      }
    }
  }
  std::map<std::string, std::string> facts;
  if (!sensors.empty()) {
    facts["sensors"] = fmt::format("{}", fmt::join(sensors, ", "));
  }
  if (!gpus.empty()) {
    facts["gpus"] = fmt::format("{}", fmt::join(gpus, ", "));
  }
  return facts;
}

std::vector<std::string> without_secrets(std::vector<std::string> command) {
  for (std::size_t i = 0; i < command.size(); ++i) {
    const auto equals = command[i].find('=');
    if (!names_a_secret(command[i].substr(0, equals))) {
      continue;
    }
    if (equals != std::string::npos) {
      command[i] = command[i].substr(0, equals + 1) + "***";
    } else if (command[i].starts_with("-") && i + 1 < command.size()) {
      command[++i] = "***";
    }
  }
  return command;
}

}  // namespace gradwatt
