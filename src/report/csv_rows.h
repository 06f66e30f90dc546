#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

using CsvRow = std::vector<std::string>;

/// A number as CSV; an empty field when it is unknown.
[[nodiscard]] std::string csv(const std::optional<double>& value);

/// Rows as lines. Fields hold no commas.
[[nodiscard]] std::string csv_text(const std::vector<CsvRow>& rows);

}  // namespace gradwatt
