#include "simulate/truth_table_text.h"

#include "simulate/truth_demands.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace gradwatt {
namespace {

std::string width_text(double width) {
  return width > 0 ? fmt::format("{:.2f}", width) : std::string("-");
}

std::string percent_held(double share) { return fmt::format("{:.3f} %", 100 * share); }

/// "976000 runs: 99.998 % inside; worst row rapl, reset: 99.934 %; widest ...".
std::string overall(const TruthTable& table, const std::vector<TruthRow>& rows) {
  TruthRow sum;
  for (const TruthRow& row : rows) {
    sum.windows += row.windows;
    sum.missed += row.missed;
  }
  std::string text = fmt::format("{} runs: {} inside", table.runs, percent_held(sum.share_held()));
  const auto worst =
      std::min_element(rows.begin(), rows.end(), [](const TruthRow& a, const TruthRow& b) {
        return a.share_held() < b.share_held();
      });
  if (worst != rows.end() && worst->missed > 0) {
    text += fmt::format(
        "; worst row {}, {}: {}", worst->sensor, worst->fault, percent_held(worst->share_held()));
  }
  const auto widest = std::max_element(
      table.cells.begin(), table.cells.end(), [](const TruthCell& a, const TruthCell& b) {
        return a.median_width.value_or(0) < b.median_width.value_or(0);
      });
  if (widest != table.cells.end() && widest->median_width) {
    text += fmt::format("; widest {}, {}, {}: {} times the bound",
                        widest->sensor,
                        widest->fault,
                        widest->signal,
                        width_text(*widest->median_width));
  }
  return text + "\n";
}

std::string failing(const TruthTable& table, const std::vector<TruthRow>& rows) {
  std::string text;
  for (const TruthRow& row : rows) {
    if (!is_good(row)) {
      text += fmt::format(
          "- {}, {}: {} of {} missed\n", row.sensor, row.fault, row.missed, row.windows);
    }
  }
  for (const TruthCell& cell : table.cells) {
    if (!is_good(cell)) {
      text += fmt::format("- {}, {}, {}: {} of {} missed{}, width {} times the bound\n",
                          cell.sensor,
                          cell.fault,
                          cell.signal,
                          cell.missed,
                          cell.windows,
                          cell.missed_seed ? fmt::format(" (seed {})", *cell.missed_seed) : "",
                          width_text(cell.median_width.value_or(0)));
    }
  }
  return text;
}

}  // namespace

std::string truth_table_text(const TruthTable& table) {
  const std::vector<TruthRow> rows = rows_of(table);
  std::string text = fmt::format(
      "{} runs in {} cells.\n\n"
      "| sensor | fault | signals | windows | truth inside | width / bound | worst error |\n"
      "|---|---|---|---|---|---|---|\n",
      table.runs,
      table.cells.size());
  for (const TruthRow& row : rows) {
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {:.2g} % |\n",
                        row.sensor,
                        row.fault,
                        row.cells,
                        row.windows,
                        percent_held(row.share_held()),
                        width_text(row.widest),
                        100 * row.worst_error);
  }
  text += "\nWidth and error are those of the worst signal.\n";
  const std::string failures = failing(table, rows);
  text += failures.empty() ? "Every row and every cell fulfils the demands.\n"
                           : "\nRows and cells that do not fulfil the demands:\n\n" + failures;
  text += "\n(truth - estimate) / half the width, in windows:\n\n";
  for (std::size_t bin = 0; bin < table.histogram.size(); ++bin) {
    const double from = -1 + 2.0 * static_cast<double>(bin) / TruthTable::kBins;
    text += fmt::format("    {:+.1f} to {:+.1f} {:>9}\n",
                        from,
                        from + 2.0 / TruthTable::kBins,
                        table.histogram[bin]);
  }
  return text + "\n" + overall(table, rows);
}

}  // namespace gradwatt
