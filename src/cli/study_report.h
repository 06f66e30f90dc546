#pragma once

#include "cli/study_plan.h"
#include "cli/sweep_table.h"
#include "record/store.h"
#include "report/study_view.h"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// What the store has of a study: every sweep of the plan with at least one run, whether this
/// session ran it or an earlier one. Throws Error when there is none.
[[nodiscard]] StudyView study_view_of(const Store& store,
                                      const StudyRequest& request,
                                      const StudyPlan& plan);

/// Visits what is stored of the plan's sweeps, in its order. Adds to `notes` what the tables say of
/// themselves and, at the end, which sweeps have no run yet.
/// Throws Error that names `study` when no sweep has one.
void visit_stored_sweeps(const Store& store,
                         const StudyPlan& plan,
                         std::string_view study,
                         std::vector<std::string>& notes,
                         const std::function<void(const std::string&, SweepTable&)>& visit);

/// Writes a report's files into a folder, which it makes. Throws Error.
void write_study_files(const std::vector<StudyFile>& files, const std::filesystem::path& folder);

}  // namespace gradwatt
