#include "analyze/setup_comparison.h"

#include "analyze/holm.h"
#include "base/expects.h"

namespace gradwatt {
namespace {

Ratio ratio_of(const SetupResult& a, const SetupResult& b, Objective objective) {
  const auto samples_a = numbers_of(a, objective);
  const auto samples_b = numbers_of(b, objective);
  if (!samples_a.empty() && !samples_b.empty()) {
    return welch_ratio(samples_a, samples_b);
  }
  return {objective_of(a, objective)->value / objective_of(b, objective)->value, {}, {}};
}

}  // namespace

std::span<const double> numbers_of(const SetupResult& setup, Objective objective) {
  if (objective == Objective::per_epoch) {
    return setup.costs_per_epoch;
  }
  if (objective == Objective::per_run) {
    return setup.costs_per_run;
  }
  return setup.state == SetupState::measured ? std::span<const double>(setup.costs_to_goal)
                                             : std::span<const double>();
}

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

std::string name_of(Objective objective, Minimise minimise) {
  const char* of = objective == Objective::to_goal     ? "_to_goal"
                   : objective == Objective::per_epoch ? "_per_epoch"
                                                       : "_per_run";
  return std::string(name_of(minimise)) + of;
}

const std::optional<Estimate>& objective_of(const SetupResult& setup, Objective objective) {
  return objective == Objective::to_goal     ? setup.cost_to_goal
         : objective == Objective::per_epoch ? setup.cost_per_epoch
                                             : setup.cost_per_run;
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
    comparison.against_cost = objective_of(b, objective)->value;
    comparison.runs = a.runs;
    comparison.runs.insert(comparison.runs.end(), b.runs.begin(), b.runs.end());
    if (objective == Objective::to_goal && grid.minimise == Minimise::energy) {
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
      const bool is_shown_cheaper = *comparison.p_holm < kSignificant && comparison.saving() > 0;
      comparison.evidence = is_shown_cheaper ? Evidence::b : Evidence::d;
    }
  }
  return comparisons;
}

}  // namespace gradwatt
