#pragma once

#include "report/parallel_view.h"
#include "report/study_view.h"

#include <string>
#include <vector>

namespace gradwatt {

/// The whole report on a reproduction of study 2, for a terminal.
[[nodiscard]] std::string parallel_text(const ParallelView& view);

/// The same as JSON, schema 1; fields in docs/parallel-training.md. Unknown numbers are null.
[[nodiscard]] std::string parallel_to_json(const ParallelView& view);

/// series.csv (a row per training, the published ones among them), model.csv and results.csv.
/// Columns are explained in docs/parallel-training.md; an unknown number is an empty field.
[[nodiscard]] std::vector<StudyFile> parallel_csv_files(const ParallelView& view);

}  // namespace gradwatt
