#pragma once

#include "simulate/truth_table.h"

#include <cstdint>
#include <vector>

namespace gradwatt {

/// All signals of one sensor and one fault.
struct TruthRow {
  const char* sensor = "";
  const char* fault = "";
  int cells = 0;
  std::int64_t runs = 0;
  std::int64_t windows = 0;
  std::int64_t missed = 0;
  double widest = 0;       ///< The worst cell's median width / bound; 0: nothing to compare with.
  double worst_error = 0;  ///< The worst cell's median.

  [[nodiscard]] double share_held() const {
    return windows > 0 ? 1 - static_cast<double>(missed) / static_cast<double>(windows) : 1;
  }
};

[[nodiscard]] std::vector<TruthRow> rows_of(const TruthTable& table);

/// What is demanded of a row: kShareHeld of its windows hold the truth.
inline constexpr double kShareHeld = 0.999;
/// And of a cell: half of its windows are no wider than so many times the bound.
inline constexpr double kWidthOfBound = kWideWindow;
/// Something that depends on chance is allowed what happens to one in so many.
inline constexpr double kByChance = 1e-3;
/// Rows and widths of at least so many runs are allowed nothing by chance.
inline constexpr std::int64_t kManyRowRuns = 10'000;
inline constexpr std::int64_t kManyCellRuns = 1000;

/// The least k with P(X > k) <= kByChance for X of a binomial distribution, but at least 1: a
/// single event says nothing.
///
/// Takes     n > 0 runs, and the probability p of the event in each.
/// Source    P(X = k) = n! / (k! (n - k)!) p^k (1 - p)^(n - k), summed up.
/// Example   1000 runs of which 0.1 % may miss: 5. 20 runs of which half may be wide: 17.
[[nodiscard]] std::int64_t most_by_chance(std::int64_t n, double p);

/// Whether demands are fulfilled. The windows of one run are right or wrong together: chance is
/// counted in runs, each as its share of the windows.
/// A row holds kShareHeld of its windows; below kManyRowRuns runs, what chance allows.
/// A cell misses no more than chance allows where kShareHeld is true, and no more than half of its
/// windows are wider than kWidthOfBound; below kManyCellRuns runs, what chance allows.
[[nodiscard]] bool is_good(const TruthRow& row);
[[nodiscard]] bool is_good(const TruthCell& cell);
/// All rows and all cells.
[[nodiscard]] bool is_good(const TruthTable& table);

}  // namespace gradwatt
