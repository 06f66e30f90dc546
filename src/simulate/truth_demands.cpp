#include "simulate/truth_demands.h"

#include "base/expects.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace gradwatt {
namespace {

/// So many events of `runs`, as a share of `windows`.
double share_of_windows(std::int64_t events, std::int64_t runs, std::int64_t windows) {
  return std::ceil(static_cast<double>(events) * static_cast<double>(windows) /
                   static_cast<double>(runs));
}

std::int64_t runs_of(const TruthCell& cell) { return std::min(cell.seeds, cell.windows); }

}  // namespace

std::vector<TruthRow> rows_of(const TruthTable& table) {
  std::vector<TruthRow> rows;
  for (const TruthCell& cell : table.cells) {
    if (rows.empty() || std::string_view(rows.back().sensor) != cell.sensor ||
        std::string_view(rows.back().fault) != cell.fault) {
      rows.push_back({cell.sensor, cell.fault});
    }
    TruthRow& row = rows.back();
    ++row.cells;
    row.runs += runs_of(cell);
    row.windows += cell.windows;
    row.missed += cell.missed;
    row.widest = std::max(row.widest, cell.median_width.value_or(0));
    row.worst_error = std::max(row.worst_error, cell.median_error);
  }
  return rows;
}

std::int64_t most_by_chance(std::int64_t n, double p) {
  expects(n > 0 && p > 0 && p < 1, "runs, and an event that may or may not happen");
  const auto count = static_cast<double>(n);
  double log_probability = count * std::log1p(-p);
  double rest = 1;  // P(X >= k)
  for (std::int64_t k = 0; k < n; ++k) {
    rest -= std::exp(log_probability);
    if (rest <= kByChance) {
      return std::max<std::int64_t>(1, k);
    }
    const auto done = static_cast<double>(k);
    log_probability += std::log((count - done) / (done + 1)) + std::log(p) - std::log1p(-p);
  }
  return n;
}

bool is_good(const TruthRow& row) {
  if (row.runs == 0 || row.share_held() >= kShareHeld) {
    return true;
  }
  return row.runs < kManyRowRuns &&
         static_cast<double>(row.missed) <=
             share_of_windows(most_by_chance(row.runs, 1 - kShareHeld), row.runs, row.windows);
}

bool is_good(const TruthCell& cell) {
  const std::int64_t runs = runs_of(cell);
  if (runs == 0) {
    return true;
  }
  const auto allowed = [&](double p) {
    return share_of_windows(most_by_chance(runs, p), runs, cell.windows);
  };
  const bool is_narrow = cell.median_width.value_or(0) <= kWidthOfBound ||
                         (runs < kManyCellRuns && cell.wide <= allowed(0.5));
  return is_narrow && cell.missed <= allowed(1 - kShareHeld);
}

bool is_good(const TruthTable& table) {
  const std::vector<TruthRow> rows = rows_of(table);
  return std::all_of(rows.begin(), rows.end(), [](const TruthRow& row) { return is_good(row); }) &&
         std::all_of(table.cells.begin(), table.cells.end(), [](const TruthCell& cell) {
           return is_good(cell);
         });
}

}  // namespace gradwatt
