#pragma once

#include "report/run_view.h"

#include <string>
#include <vector>

namespace gradwatt {

/// What a person wants to know of a run when it has ended: a few lines, each ended by '\n'.
[[nodiscard]] std::string run_summary_text(const RunView& run);

/// Everything: the summary, each channel and each epoch.
[[nodiscard]] std::string run_detail_text(const RunView& run);

/// One line per run under a heading.
[[nodiscard]] std::string run_list_text(const std::vector<RunView>& runs);

}  // namespace gradwatt
