#pragma once

#include "train/examples.h"
#include "train/training_plan.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gradwatt {

class Task;

/// Means over a set of examples, by name: val_loss first, then accuracies.
using Scores = std::vector<std::pair<std::string, double>>;

[[nodiscard]] std::optional<double> score_named(const Scores& scores, std::string_view name);

struct ScoreOptions {
  Precision precision = Precision::fp32;
  std::string device = "cpu";
  std::int64_t batch = LoopPlan{}.eval_batch;  ///< Samples at a time, where memory allows them.
};

/// The task's means over `examples`; their order does not matter. Each rank of `comm` scores its
/// share, and all get the same means.
[[nodiscard]] Scores score(Task& task, Examples& examples, const ScoreOptions& options, Comm& comm);

}  // namespace gradwatt
