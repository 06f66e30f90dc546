#pragma once

#include "report/study_view.h"

#include <string>

namespace gradwatt {

/// What the study does not show: the accuracy that each setup reached, and who missed the goal.
/// Ends in an empty line; "" without sweeps.
[[nodiscard]] std::string study_accuracy_text(const StudyView& view);

/// Equation 1 taken literally beside the energies above; "" where it was not computed.
[[nodiscard]] std::string study_equation1_text(const StudyView& view);

}  // namespace gradwatt
