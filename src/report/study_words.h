#pragma once

#include "analyze/study_sweep.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// Three significant digits, never as a power of ten below a million: "0.0123", "54.5", "1230".
[[nodiscard]] std::string three_digits(double value);

/// "61.5 %" for 0.615.
[[nodiscard]] std::string percent_words(double share);

/// "setup 3 (batch 64, lr 1e-3)"; setups count from 1, row by row, as in Table 1.
[[nodiscard]] std::string study_setup_words(const StudySweep& sweep, std::size_t setup);

/// What stands for an absent number: "failed", "not run", "cut", else what is given.
[[nodiscard]] std::string absence_words(SetupState state, std::string_view otherwise = "–");

/// `text` of a number, or why there is none.
[[nodiscard]] std::string known_or_why(const std::optional<double>& value, const StudySetup& setup);

/// `text` with two spaces in front of every line that is not empty, and none at the ends of lines.
[[nodiscard]] std::string indented(const std::string& text);

/// For aligned(): every column to the right.
[[nodiscard]] std::vector<bool> all_right(std::size_t columns);

}  // namespace gradwatt
