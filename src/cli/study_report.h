#pragma once

#include "cli/study_plan.h"
#include "record/store.h"
#include "report/study_view.h"

#include <filesystem>

namespace gradwatt {

/// What the store has of a study: every sweep of the plan with at least one run, whether this
/// session ran it or an earlier one. Throws Error when there is none.
[[nodiscard]] StudyView study_view_of(const Store& store,
                                      const StudyRequest& request,
                                      const StudyPlan& plan);

/// Writes a report's files into a folder, which it makes. Throws Error.
void write_study_files(const std::vector<StudyFile>& files, const std::filesystem::path& folder);

}  // namespace gradwatt
