#include "analyze/fresh_runs.h"

#include <algorithm>

namespace gradwatt {
namespace {

constexpr int kRunsForA = 3;

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
    const int runs = std::min(fresh.setups[*chosen].finished, fresh.setups[others[i]].finished);
    into.ratio = anew[i].ratio;
    into.p_holm = anew[i].p_holm;
    into.split = anew[i].split;
    into.is_fresh = true;
    into.evidence = anew[i].evidence;
    if (into.evidence == Evidence::b && runs >= kRunsForA) {
      into.evidence = Evidence::a;
    }
  }
}

}  // namespace gradwatt
