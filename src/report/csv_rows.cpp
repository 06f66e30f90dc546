#include "report/csv_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gradwatt {

std::string csv(const std::optional<double>& value) {
  return value ? fmt::format("{:.9g}", *value) : "";
}

std::string csv_text(const std::vector<CsvRow>& rows) {
  std::string text;
  for (const CsvRow& row : rows) {
    text += fmt::format("{}\n", fmt::join(row, ","));
  }
  return text;
}

}  // namespace gradwatt
