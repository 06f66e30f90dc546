#pragma once

#include "report/study_claims.h"
#include "report/study_view.h"

#include <string>
#include <vector>

namespace gradwatt {

/// Takes one machine's sweeps: a claim that holds or fails here may do otherwise elsewhere.
[[nodiscard]] std::vector<StudyFinding> study_findings(const StudyView& view);

/// The findings as lines; ends in an empty line.
[[nodiscard]] std::string study_findings_text(const StudyView& view);

}  // namespace gradwatt
