#include "analyze/advice_rules.h"
#include "analyze/statistics.h"

#include <algorithm>

namespace gradwatt {
namespace {

constexpr double kTailMin = 0.15;
constexpr double kOverheadMin = 0.10;
constexpr double kStarvedMin = 0.10;
constexpr double kIdleMin = 0.10;

/// A share of what the runs of a setup spent, known of each of them: with several runs it is
/// shown, with one it was seen once.
Advice share_of_runs(const Grid& grid, std::size_t setup, double share) {
  const SetupResult& result = grid.setups[setup];
  Advice advice;
  advice.saving = Saving{share, std::nullopt};
  advice.evidence = result.finished > 1 ? Evidence::b : Evidence::d;
  advice.runs = runs_of(grid, {setup});
  const auto& spent = grid.minimise == Minimise::time ? result.time_spent_s : result.energy_spent_j;
  if (spent && grid.minimise != Minimise::edp) {
    advice.saved = share * *spent;
  }
  return advice;
}

/// Only where the goal does not already end what is counted.
std::optional<Advice> stop_earlier(const Grid& grid, std::size_t setup) {
  const SetupResult& result = grid.setups[setup];
  if (result.tail_energies_j.empty() || !result.energy_spent_j || *result.energy_spent_j <= 0) {
    return std::nullopt;
  }
  const double share = spread_of(result.tail_energies_j).mean / *result.energy_spent_j;
  if (share < kTailMin) {
    return std::nullopt;
  }
  Advice advice = share_of_runs(grid, setup, share);
  advice.what = StopEarlier{setup};
  return advice;
}

std::optional<Advice> cut_overhead(const Grid& grid, std::size_t setup) {
  const SetupResult& result = grid.setups[setup];
  if (result.overhead_shares.empty()) {
    return std::nullopt;
  }
  const double share = spread_of(result.overhead_shares).mean;
  if (share < kOverheadMin) {
    return std::nullopt;
  }
  Advice advice = share_of_runs(grid, setup, share);
  advice.what = CutOverhead{setup};
  return advice;
}

std::optional<Advice> feed_faster(const Grid& grid, std::size_t setup) {
  const auto& share = grid.setups[setup].starved_share;
  if (!share || *share < kStarvedMin) {
    return std::nullopt;
  }
  Advice advice = share_of_runs(grid, setup, *share);
  advice.what = FeedFaster{setup};
  return advice;
}

/// Where the training itself does not say that it waited for data.
std::optional<Advice> keep_busy(const Grid& grid, std::size_t setup) {
  const SetupResult& result = grid.setups[setup];
  if (!result.idle_share || *result.idle_share < kIdleMin || feed_faster(grid, setup)) {
    return std::nullopt;
  }
  Advice advice = share_of_runs(grid, setup, *result.idle_share);
  advice.what = KeepBusy{setup};
  return advice;
}

}  // namespace

std::vector<Advice> advice_on_runs(const Grid& grid, const Recommendation& recommendation) {
  std::vector<Advice> advice;
  for (auto rule : {stop_earlier, cut_overhead, feed_faster, keep_busy}) {
    if (auto one = rule(grid, *recommendation.best)) {
      advice.push_back(std::move(*one));
    }
  }
  return advice;
}

}  // namespace gradwatt
