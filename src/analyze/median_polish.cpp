#include "analyze/median_polish.h"

#include "analyze/statistics.h"
#include "base/expects.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

// Settles in a few passes; the bound is for tables in which two patterns alternate for ever.
constexpr int kPasses = 50;
constexpr double kSettled = 1e-12;

using Cells = std::vector<std::optional<double>*>;

/// Takes the median out of `cells` and returns its size.
double centre(const Cells& cells) {
  std::vector<double> values;
  for (const auto* cell : cells) {
    if (*cell) {
      values.push_back(**cell);
    }
  }
  if (values.empty()) {
    return 0;
  }
  const double middle = median(std::move(values));
  for (auto* cell : cells) {
    if (*cell) {
      **cell -= middle;
    }
  }
  return std::abs(middle);
}

std::vector<Cells> rows_and_columns(HoledTable& table) {
  std::vector<Cells> lines;
  for (auto& row : table) {
    lines.emplace_back();
    for (auto& cell : row) {
      lines.back().push_back(&cell);
    }
  }
  for (std::size_t column = 0; column < table.front().size(); ++column) {
    lines.emplace_back();
    for (auto& row : table) {
      lines.back().push_back(&row[column]);
    }
  }
  return lines;
}

}  // namespace

HoledTable median_polish(HoledTable table) {
  if (table.empty()) {
    return table;
  }
  for (const auto& row : table) {
    expects(row.size() == table.front().size(), "rows of one length");
  }
  const std::vector<Cells> lines = rows_and_columns(table);
  for (int pass = 0; pass < kPasses; ++pass) {
    double moved = 0;
    for (const Cells& line : lines) {
      moved = std::max(moved, centre(line));
    }
    if (moved < kSettled) {
      break;
    }
  }
  return table;
}

}  // namespace gradwatt
