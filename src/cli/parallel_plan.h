#pragma once

#include "cli/study_step.h"

#include <filesystem>
#include <vector>

namespace gradwatt {

// The sweeps of study 2, experiments/parallel-training, as study_plan.h has those of study 1. On a
// simulated cluster they are those of ImageNet in the paper's size, whatever the scale.

/// Under which name reports and the store have what was asked for: "small", "paper", "simulated".
[[nodiscard]] std::string parallel_scale(const StudyRequest& request);

/// The sweeps by name alone, for a report: `run` is empty.
[[nodiscard]] StudyPlan name_parallel(const StudyRequest& request);

/// All that is needed to run them. Throws UsageError for a name that `only` cannot mean, and when
/// data sets are needed that --data does not have.
[[nodiscard]] StudyPlan plan_parallel(const StudyRequest& request);

/// STORE/reproduce/parallel-small and the like: data, weights and report.
[[nodiscard]] std::filesystem::path parallel_folder(const std::filesystem::path& store_root,
                                                    const StudyRequest& request);

/// The files of experiments/parallel-training.
[[nodiscard]] const std::vector<StudySource>& parallel_sweep_sources();
[[nodiscard]] const StudySource& parallel_overlay();

}  // namespace gradwatt
