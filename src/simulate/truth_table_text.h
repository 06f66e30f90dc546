#pragma once

#include "simulate/truth_table.h"

#include <string>

namespace gradwatt {

/// The table for people, as markdown: one line for each sensor and fault, over all signals, then
/// every cell that does not fulfil the demands, then the histogram.
[[nodiscard]] std::string truth_table_text(const TruthTable& table);

}  // namespace gradwatt
