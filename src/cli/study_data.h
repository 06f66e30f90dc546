#pragma once

#include "cli/study_plan.h"

#include <filesystem>

namespace gradwatt {

/// Makes a synthetic data set with `gradwatt data make`, unless it is there. A part of one is never
/// left under its name: it is made beside it and renamed.
/// Takes   folder: in which the set's own folder is. Throws Error when it cannot be made.
void make_study_data(const StudyDataSet& set, const std::filesystem::path& folder);

}  // namespace gradwatt
