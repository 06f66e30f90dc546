#include "analyze/setup_comparison.h"

#include "analyze/holm.h"
#include "base/expects.h"

namespace gradwatt {
namespace {

/// Numbers of single runs, where the objective is their geometric mean. Empty where it is not, as
/// for an expected energy with missed repeats.
std::span<const double> samples_of(const SetupResult& setup, Objective objective) {
  if (objective == Objective::energy_per_epoch) {
    return setup.energies_per_epoch_j;
  }
  return setup.state == SetupState::measured ? std::span<const double>(setup.energies_to_goal_j)
                                             : std::span<const double>();
}

Ratio ratio_of(const SetupResult& a, const SetupResult& b, Objective objective) {
  const auto samples_a = samples_of(a, objective);
  const auto samples_b = samples_of(b, objective);
  if (!samples_a.empty() && !samples_b.empty()) {
    return welch_ratio(samples_a, samples_b);
  }
  return {objective_of(a, objective)->value / objective_of(b, objective)->value, {}, {}};
}

}  // namespace

char letter_of(Evidence evidence) {
  switch (evidence) {
    case Evidence::a:
      return 'A';
    case Evidence::b:
      return 'B';
    case Evidence::c:
      return 'C';
    case Evidence::d:
      return 'D';
  }
  expects(false, "a known level of evidence");
  return 'D';
}

const char* name_of(Objective objective) {
  return objective == Objective::energy_to_goal ? "energy_to_goal" : "energy_per_epoch";
}

const std::optional<Estimate>& objective_of(const SetupResult& setup, Objective objective) {
  return objective == Objective::energy_to_goal ? setup.energy_to_goal_j : setup.energy_per_epoch_j;
}

std::optional<Interval> SetupComparison::saving_interval() const {
  if (!ratio.interval) {
    return std::nullopt;
  }
  return Interval{1 - ratio.interval->hi, 1 - ratio.interval->lo};
}

std::vector<SetupComparison> compare_with_all(const Grid& grid,
                                              Objective objective,
                                              std::size_t setup,
                                              std::span<const std::size_t> others) {
  std::vector<SetupComparison> comparisons;
  std::vector<double> p_values;
  for (const std::size_t other : others) {
    const SetupResult& a = grid.setups.at(setup);
    const SetupResult& b = grid.setups.at(other);
    SetupComparison comparison{setup, other, ratio_of(a, b, objective), {}, Evidence::d, {}};
    if (objective == Objective::energy_to_goal) {
      comparison.split = split_of(a, b);
    }
    if (comparison.ratio.p_value) {
      p_values.push_back(*comparison.ratio.p_value);
    }
    comparisons.push_back(comparison);
  }
  const std::vector<double> adjusted = holm_adjusted(p_values);
  auto next = adjusted.begin();
  for (SetupComparison& comparison : comparisons) {
    if (comparison.ratio.p_value) {
      comparison.p_holm = *next++;
      comparison.evidence = *comparison.p_holm < kSignificant ? Evidence::b : Evidence::d;
    }
  }
  return comparisons;
}

}  // namespace gradwatt
