#include "experiment/slurm_script.h"

#include "experiment/command_template.h"
#include "experiment/local_runner.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

/// '%' begins a replacement in sbatch's file names, where "%%" is a plain one.
std::string without_replacements(const std::string& path) {
  std::string text;
  for (const char c : path) {
    text += c == '%' ? "%%" : std::string(1, c);
  }
  return text;
}

std::string case_of(std::size_t index,
                    const PlannedPoint& point,
                    const SlurmLauncher& launcher,
                    const SlurmSubmission& submission) {
  std::vector<std::string> words =
      run_arguments(submission.gradwatt.string(), point, submission.tags);
  if (launcher.uses_srun()) {
    words.insert(words.begin(),
                 {"srun",
                  "--nodes=" + std::to_string(launcher.nodes),
                  "--ntasks=" + std::to_string(launcher.ntasks),
                  // A rank that fails before all have met cannot tell the others.
                  "--kill-on-bad-exit=1"});
  }
  const std::string log = (submission.logs / (point.point.key + ".log")).string();
  return fmt::format(
      "{})\n  exec >{} 2>&1\n  exec {}\n  ;;\n", index, shell_quoted({log}), shell_quoted(words));
}

}  // namespace

std::string slurm_job_name(const std::string& sweep, const std::string& token) {
  return "gradwatt:" + sweep + ":" + token;
}

std::string slurm_script(std::span<const PlannedPoint* const> points,
                         const SlurmLauncher& launcher,
                         const SlurmSubmission& submission) {
  std::string text =
      "#!/bin/sh\n"
      "# Made by gradwatt sweep: each task of the array runs one point.\n"
      "umask 077\n";
  text += fmt::format("GRADWATT_STORE={}\n", shell_quoted({submission.store.string()})) +
          "export GRADWATT_STORE\n" +
          fmt::format("cd -- {} || exit 125\n", shell_quoted({submission.folder.string()}));
  if (submission.cooldown > Duration{}) {
    text += fmt::format("sleep {:.0f}\n", seconds(submission.cooldown) + 0.5);
  }
  if (launcher.uses_srun()) {
    // Since Slurm 22.05 srun does not take this from the job.
    text +=
        "[ -z \"$SLURM_CPUS_PER_TASK\" ] || export SRUN_CPUS_PER_TASK=\"$SLURM_CPUS_PER_TASK\"\n";
  }
  text += "case \"$SLURM_ARRAY_TASK_ID\" in\n";
  for (std::size_t i = 0; i < points.size(); ++i) {
    text += case_of(i, *points[i], launcher, submission);
  }
  return text + "esac\n" +
         "echo \"gradwatt: the array has no task '$SLURM_ARRAY_TASK_ID'\" >&2\nexit 125\n";
}

std::vector<std::string> sbatch_command(std::size_t count,
                                        const SlurmLauncher& launcher,
                                        const SlurmSubmission& submission,
                                        const std::filesystem::path& script) {
  std::string array = fmt::format("--array=0-{}", count - 1);
  if (launcher.array_parallel > 0) {
    array += fmt::format("%{}", launcher.array_parallel);
  }
  const auto output = submission.logs / ("slurm-" + submission.token);
  std::vector<std::string> words{"sbatch",
                                 "--parsable",
                                 "--job-name=" + slurm_job_name(submission.sweep, submission.token),
                                 array,
                                 "--output=" + without_replacements(output.string()) + "-%a.out",
                                 "--nodes=" + std::to_string(launcher.nodes),
                                 "--ntasks=" + std::to_string(launcher.ntasks)};
  if (launcher.tasks_per_node > 0) {
    // With --ntasks this is the most: Slurm might else put seven of eight tasks on one node.
    const int most = std::min(launcher.tasks_per_node, launcher.ntasks);
    words.push_back("--ntasks-per-node=" + std::to_string(most));
  }
  words.insert(words.end(), launcher.sbatch.begin(), launcher.sbatch.end());
  words.push_back(script.string());
  return words;
}

}  // namespace gradwatt
