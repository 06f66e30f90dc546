#pragma once

#include "simulate/truth_table.h"

#include <string>

namespace gradwatt {

/// The table for people, as markdown: one line for each sensor and fault, over all signals, then
/// every row and cell that does not fulfil the demands, then the histogram, then all in one line.
/// Example of that: "976000 runs: 99.998 % inside; worst row rapl, reset: 99.934 %; widest rapl,
/// none, tail: 1.98 times the bound".
[[nodiscard]] std::string truth_table_text(const TruthTable& table);

}  // namespace gradwatt
