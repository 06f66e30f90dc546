#pragma once

#include "report/parallel_view.h"
#include "report/study_claims.h"

#include <string>
#include <vector>

namespace gradwatt {

/// Study 2's findings (a) to (f), each with this report's number and the published one. A finding
/// is open where its series were not run, where repeats differ too much, where it is about energy
/// and that is a model's, and, at the small scale, where it is about time: ranks that share a
/// machine's cores say nothing about GPUs.
[[nodiscard]] std::vector<StudyFinding> parallel_findings(const ParallelView& view);

[[nodiscard]] std::string parallel_findings_text(const ParallelView& view);

/// In what this study's numbers are not what they seem, from its code: what a reproduction has to
/// know.
[[nodiscard]] std::vector<StudyInconsistency> parallel_deviations();

[[nodiscard]] std::string parallel_deviations_text();

}  // namespace gradwatt
