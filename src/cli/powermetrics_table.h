#pragma once

#include "measure/powermetrics.h"
#include "record/power_table.h"

namespace gradwatt {

/// What macOS's powermetrics wrote as readings of one counter for each component. Times are Unix
/// times where the log tells the date, else seconds since its begin. Throws Error for a component
/// that some of the records leave out: its energy there is unknown.
[[nodiscard]] PowerTable table_of_powermetrics(std::string_view text, const std::string& file);

}  // namespace gradwatt
