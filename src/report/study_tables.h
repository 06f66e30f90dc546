#pragma once

#include "report/study_view.h"

#include <string>

namespace gradwatt {

// The study's tables as text for a terminal, with this machine's numbers beside the paper's. Each
// ends in an empty line; "" where no sweep has what it shows.

/// Table 1: which setup has which number.
[[nodiscard]] std::string study_table1_text(const StudyView& view);

/// Table 2: energy per epoch, and how much of its variation each axis explains. In mWh as the paper
/// has it, in J where all of it is below 0.1 mWh.
[[nodiscard]] std::string study_table2_text(const StudyView& view);

/// Table 3: the pretrained encoder free and frozen.
[[nodiscard]] std::string study_table3_text(const StudyView& view);

/// Table 4: attributes and identity apart and together.
[[nodiscard]] std::string study_table4_text(const StudyView& view);

}  // namespace gradwatt
