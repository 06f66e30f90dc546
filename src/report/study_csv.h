#pragma once

#include "report/study_view.h"

#include <vector>

namespace gradwatt {

/// The numbers of the report as CSV files: table1 to table4 and figure3 to figure5. Energies are in
/// joules as the column's name says; an unknown number is an empty field; files for which nothing
/// was run have their heading alone. Columns are explained in docs/power-of-training.md.
[[nodiscard]] std::vector<StudyFile> study_csv_files(const StudyView& view);

}  // namespace gradwatt
