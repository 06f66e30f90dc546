#pragma once

#include "report/study_view.h"

#include <string>

namespace gradwatt {

/// The whole report on a reproduction of study 1, for a terminal of 100 columns.
[[nodiscard]] std::string study_text(const StudyView& view);

/// The same as JSON, schema 1; fields in docs/power-of-training.md. Unknown numbers are null.
[[nodiscard]] std::string study_to_json(const StudyView& view);

}  // namespace gradwatt
