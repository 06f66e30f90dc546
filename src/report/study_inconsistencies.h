#pragma once

#include "report/study_claims.h"

#include <string>
#include <vector>

namespace gradwatt {

/// Those known. A reproduction must not try to match what contradicts itself.
[[nodiscard]] std::vector<StudyInconsistency> study_inconsistencies();

/// The same as lines; ends in an empty line.
[[nodiscard]] std::string study_inconsistencies_text();

}  // namespace gradwatt
