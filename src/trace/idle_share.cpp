#include "trace/idle_share.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace gradwatt {
namespace {

constexpr double kCell_s = 0.5;
constexpr double kReadingsOfCell = 4;
constexpr std::size_t kCellsLeast = 10;
constexpr double kAboveIdle = 1.2;
constexpr double kBusyPercent = 5;

/// The mean over [begin, end); nullopt when nothing was said before its begin.
std::optional<double> mean_percent(std::span<const Utilisation> said, double begin, double end) {
  auto next = std::upper_bound(
      said.begin(), said.end(), begin, [](double t, const auto& one) { return t < one.t_s; });
  if (next == said.begin()) {
    return std::nullopt;
  }
  double sum = 0;
  for (double t = begin; t < end; ++next) {
    const double until = next == said.end() ? end : std::min(next->t_s, end);
    sum += (until - t) * std::prev(next)->percent;
    t = until;
    if (next == said.end()) {
      break;
    }
  }
  return sum / (end - begin);
}

}  // namespace

std::optional<IdleShare> idle_share(const EnergyCurve& curve,
                                    std::optional<Power> idle,
                                    std::span<const Utilisation> utilisation) {
  if (curve.empty() || (!idle && utilisation.empty())) {
    return std::nullopt;
  }
  const double width = std::max(kCell_s, kReadingsOfCell * curve.median_step_s());
  const auto count = static_cast<std::size_t>((curve.end_s() - curve.begin_s()) / width);
  const std::vector<double> cells = cells_of(curve, curve.begin_s(), width, count);
  std::size_t known = 0;
  std::size_t idle_cells = 0;
  double all_w = 0;
  double idle_w = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const double begin = curve.begin_s() + width * static_cast<double>(i);
    const auto percent = mean_percent(utilisation, begin, begin + width);
    if (std::isnan(cells[i]) || (!idle && !percent)) {
      continue;
    }
    ++known;
    all_w += cells[i];
    const bool draws_little = !idle || cells[i] <= kAboveIdle * idle->watts;
    const bool does_little = !percent || *percent <= kBusyPercent;
    if (draws_little && does_little) {
      ++idle_cells;
      idle_w += cells[i];
    }
  }
  if (known < kCellsLeast || all_w <= 0) {
    return std::nullopt;
  }
  return IdleShare{idle_w / all_w, static_cast<double>(idle_cells) / static_cast<double>(known)};
}

}  // namespace gradwatt
