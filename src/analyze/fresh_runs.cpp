#include "analyze/fresh_runs.h"

#include "analyze/repeats_needed.h"
#include "analyze/statistics.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

constexpr int kRunsForA = 3;
constexpr double kWorthShowing = 0.05;

/// The same setup among the fresh ones; nullopt when it was not run afresh, or has no number.
std::optional<std::size_t> fresh_of(const Grid& grid,
                                    const Grid& fresh,
                                    Objective objective,
                                    std::size_t setup) {
  const SetupResult* found = fresh.at(grid.setups[setup].place);
  if (found == nullptr || found->finished == 0 || !objective_of(*found, objective)) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - fresh.setups.data());
}

/// Takes a fresh comparison whose evidence is known.
FreshCount count_of(const SetupComparison& comparison,
                    const SetupResult& a,
                    const SetupResult& b,
                    Objective objective) {
  FreshCount count{std::min(a.finished, b.finished), std::nullopt, 0};
  const auto& interval = comparison.ratio.interval;
  const bool is_same =
      interval && interval->lo >= 1 / (1 + kWorthShowing) && interval->hi <= 1 + kWorthShowing;
  if (comparison.evidence == Evidence::a || comparison.is_shown_dearer() || is_same) {
    return count;
  }
  const int for_a = kRunsForA - count.made;
  if (comparison.evidence == Evidence::d && interval) {
    const auto difference =
        mean_difference(logs_of(numbers_of(a, objective)), logs_of(numbers_of(b, objective)));
    count.to_show = std::max(kWorthShowing, std::abs(comparison.saving()));
    count.more = more_repeats(difference, std::log1p(count.to_show));
    if (count.more) {
      count.more = std::max(*count.more, for_a);
    }
  } else if (for_a > 0) {
    count.more = for_a;
  }
  return count;
}

}  // namespace

void use_fresh_runs(const Grid& grid,
                    const Grid& fresh,
                    Objective objective,
                    std::vector<SetupComparison>& comparisons) {
  const auto chosen = comparisons.empty()
                          ? std::nullopt
                          : fresh_of(grid, fresh, objective, comparisons.front().setup);
  if (!chosen) {
    return;
  }
  std::vector<std::size_t> others;
  std::vector<SetupComparison*> replaced;
  for (SetupComparison& comparison : comparisons) {
    if (const auto other = fresh_of(grid, fresh, objective, comparison.against)) {
      others.push_back(*other);
      replaced.push_back(&comparison);
    }
  }
  const auto anew = compare_with_all(fresh, objective, *chosen, others);
  for (std::size_t i = 0; i < replaced.size(); ++i) {
    SetupComparison& into = *replaced[i];
    const SetupResult& a = fresh.setups[*chosen];
    const SetupResult& b = fresh.setups[others[i]];
    const std::size_t against = into.against;
    const std::size_t setup = into.setup;
    into = anew[i];
    into.setup = setup;
    into.against = against;
    into.is_fresh = true;
    if (into.evidence == Evidence::b && std::min(a.finished, b.finished) >= kRunsForA) {
      into.evidence = Evidence::a;
    }
    into.fresh = count_of(into, a, b, objective);
  }
}

std::optional<std::size_t> cheaper_in_fresh_runs(const std::vector<SetupComparison>& comparisons) {
  const SetupComparison* found = nullptr;
  for (const SetupComparison& one : comparisons) {
    const bool is_cheaper = one.is_fresh && one.is_shown_dearer();
    if (is_cheaper && (found == nullptr || one.ratio.value > found->ratio.value)) {
      found = &one;
    }
  }
  return found == nullptr ? std::nullopt : std::optional(found->against);
}

}  // namespace gradwatt
