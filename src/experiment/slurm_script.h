#pragma once

#include "experiment/slurm_launcher.h"
#include "experiment/sweep_plan.h"
#include "units/instant.h"

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// What a job array needs to know beside its points.
struct SlurmSubmission {
  std::string sweep;
  std::string token;               ///< Of this submission: part of the job's name.
  std::filesystem::path gradwatt;  ///< The program, where the nodes find it, too.
  std::filesystem::path store;
  std::filesystem::path logs;    ///< Folder for the points' outputs.
  std::filesystem::path folder;  ///< Where commands start.
  std::map<std::string, std::string> tags;
  Duration cooldown{};
};

/// The script of a job array: task i runs points[i] under `gradwatt run`, in as many processes as
/// the launcher says. All that comes from the user is quoted: no shell reads it as anything else.
[[nodiscard]] std::string slurm_script(std::span<const PlannedPoint* const> points,
                                       const SlurmLauncher& launcher,
                                       const SlurmSubmission& submission);

/// The words of sbatch for that script with `count` points.
/// Example  10 points, 4 at once: "--array=0-9%4".
[[nodiscard]] std::vector<std::string> sbatch_command(std::size_t count,
                                                      const SlurmLauncher& launcher,
                                                      const SlurmSubmission& submission,
                                                      const std::filesystem::path& script);

/// "gradwatt:NAME:TOKEN", by which the queue is searched.
[[nodiscard]] std::string slurm_job_name(const std::string& sweep, const std::string& token);

}  // namespace gradwatt
