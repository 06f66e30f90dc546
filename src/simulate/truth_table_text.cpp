#include "simulate/truth_table_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace gradwatt {
namespace {

struct Line {
  int windows = 0;
  int missed = 0;
  double widest = 0;
  double worst_error = 0;
  int cells = 0;
};

std::string width_text(double width) {
  return width > 0 ? fmt::format("{:.2f}", width) : std::string("-");
}

}  // namespace

std::string truth_table_text(const TruthTable& table) {
  std::string text = fmt::format(
      "{} runs in {} cells.\n\n"
      "| sensor | fault | signals | windows | truth inside | width / bound | worst error |\n"
      "|---|---|---|---|---|---|---|\n",
      table.runs,
      table.cells.size());
  for (auto cell = table.cells.begin(); cell != table.cells.end();) {
    const auto begin = cell;
    Line line;
    for (; cell != table.cells.end() && std::string_view(cell->sensor) == begin->sensor &&
           std::string_view(cell->fault) == begin->fault;
         ++cell) {
      line.windows += cell->windows;
      line.missed += cell->missed;
      line.widest = std::max(line.widest, cell->median_width.value_or(0));
      line.worst_error = std::max(line.worst_error, cell->median_error);
      ++line.cells;
    }
    text += fmt::format("| {} | {} | {} | {} | {:.3f} % | {} | {:.2g} % |\n",
                        begin->sensor,
                        begin->fault,
                        line.cells,
                        line.windows,
                        100 - 100.0 * line.missed / std::max(1, line.windows),
                        width_text(line.widest),
                        100 * line.worst_error);
  }
  text += "\nWidth and error are those of the worst signal.\n";
  std::string failing;
  for (const TruthCell& cell : table.cells) {
    if (!is_good(cell)) {
      failing += fmt::format("- {}, {}, {}: {} of {} missed{}, width {} times the bound\n",
                             cell.sensor,
                             cell.fault,
                             cell.signal,
                             cell.missed,
                             cell.windows,
                             cell.missed_seed ? fmt::format(" (seed {})", *cell.missed_seed) : "",
                             width_text(cell.median_width.value_or(0)));
    }
  }
  text += failing.empty() ? "Every cell fulfils the demands.\n"
                          : "\nCells that do not fulfil the demands:\n\n" + failing;
  text += "\n(truth - estimate) / half the width, in windows:\n\n";
  for (std::size_t bin = 0; bin < table.histogram.size(); ++bin) {
    const double from = -1 + 2.0 * static_cast<double>(bin) / TruthTable::kBins;
    text += fmt::format("    {:+.1f} to {:+.1f} {:>9}\n",
                        from,
                        from + 2.0 / TruthTable::kBins,
                        table.histogram[bin]);
  }
  return text;
}

}  // namespace gradwatt
