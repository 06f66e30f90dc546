#pragma once

#include "trace/sample.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace gradwatt {

/// What else has to be known to compare runs: host, kernel, CPU, versions, git commit, and the
/// environment variables of a fixed list (threads, visible devices, scheduler job). Never the whole
/// environment: it holds secrets.
[[nodiscard]] std::map<std::string, std::string> run_environment(
    const std::filesystem::path& sysroot);

/// What measures a run, so that runs measured otherwise are not taken for the same: "sensors", the
/// source and scope of every channel in the total, and "gpus", the devices of GPUs among them.
/// Example  RAPL's package 0 and 1 and a GPU: sensors "nvml gpu-board, rapl cpu-package".
[[nodiscard]] std::map<std::string, std::string> sensor_facts(
    const std::vector<SourceColumns>& sources);

/// The command as it may be stored: the values of options that look like secrets ("--api-key=…",
/// "--token …") are replaced by "***".
[[nodiscard]] std::vector<std::string> without_secrets(std::vector<std::string> command);

/// The commit that is checked out at `folder` or above it, read from .git; empty without one.
[[nodiscard]] std::string git_commit(std::filesystem::path folder);

[[nodiscard]] std::string host_name();

}  // namespace gradwatt
