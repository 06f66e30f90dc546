#pragma once

#include "train/workloads/catalog.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gradwatt {

/// What the command line of gradwatt-train asks for: a text to print, a workload to train, or what
/// this program and its libraries are.
struct TrainRequest {
  const Workload* workload = nullptr;
  TrainingPlan plan;
};
struct AboutRequest {
  int threads = 0;
};
using TrainCommand = std::variant<std::string, TrainRequest, AboutRequest>;

/// Reads the arguments after the program's name. `cpus` is the default for --threads.
/// Throws    UsageError naming the flag, what it takes and, for a typing error, the flag meant; for
///           a flag that cannot have an effect on the workload (flag_scope.h).
/// Example   {"fashion-classify", "--batch=64", "--lr=1e-1"}
[[nodiscard]] TrainCommand parse_train_command(std::vector<std::string> arguments, int cpus);

}  // namespace gradwatt
