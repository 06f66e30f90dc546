#pragma once

#include "cli/study_step.h"

#include <filesystem>
#include <vector>

namespace gradwatt {

/// The Power of Training's sweeps by name alone, for a report: `run` is empty.
[[nodiscard]] StudyPlan name_study(const StudyRequest& request);

/// All that is needed to run it. Throws UsageError for a name that `only` cannot mean, and when
/// data sets are needed that --data does not have.
[[nodiscard]] StudyPlan plan_study(const StudyRequest& request);

/// Folder of a study's data, encoders and report in a store: STORE/reproduce/small, with
/// "-fashion" behind it on Fashion-MNIST. Commands start there.
[[nodiscard]] std::filesystem::path study_folder(const std::filesystem::path& store_root,
                                                 const StudyRequest& request);

/// The files of experiments/power-of-training.
[[nodiscard]] const std::vector<StudySource>& study_sweep_sources();
[[nodiscard]] const std::vector<StudySource>& study_overlay_sources();

}  // namespace gradwatt
