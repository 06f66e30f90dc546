#pragma once

#include "report/study_view.h"

#include <string>

namespace gradwatt {

// The study's figures as pictures for a terminal. Each ends in an empty line; "" where no sweep has
// what it shows. The numbers behind them are in the CSV files of study_csv.h.

/// Figure 3: the total of each setup as a share of the worst one's.
[[nodiscard]] std::string study_figure3_text(const StudyView& view);

/// Figure 4: cumulative energy of pretraining and reuse against training from scratch, for the
/// best, the worst and the average setup, and where the two cross.
[[nodiscard]] std::string study_figure4_text(const StudyView& view);

/// Figure 5: attributes, identity and both together, for each setup.
[[nodiscard]] std::string study_figure5_text(const StudyView& view);

}  // namespace gradwatt
