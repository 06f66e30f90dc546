#include "analyze/fresh_contrast.h"

#include <algorithm>
#include <vector>

namespace gradwatt {
namespace {

constexpr std::size_t kFreshForB = 2;
constexpr std::size_t kFreshForA = 3;

/// Energies of fresh runs, or what capped ones had used.
struct FreshEnergies {
  std::vector<double> joules;
  bool any_capped = false;
  bool can_compare = true;
};

FreshEnergies fresh_energies(const SearchCurve& setup, const GoalLine& goal) {
  FreshEnergies energies;
  for (const SearchCurve& fresh : setup.confirmed) {
    const bool capped = is_capped(fresh, goal);
    const auto joules = capped ? std::optional(fresh.joules) : joules_to(fresh, goal);
    energies.any_capped = energies.any_capped || capped;
    energies.can_compare = energies.can_compare && joules && *joules > 0;
    energies.joules.push_back(joules.value_or(0));
  }
  energies.can_compare = energies.can_compare && energies.joules.size() >= kFreshForB;
  return energies;
}

}  // namespace

bool is_capped(const SearchCurve& fresh, const GoalLine& goal) {
  return fresh.end == PieceEnd::stopped && !joules_to(fresh, goal);
}

std::optional<FreshContrast> fresh_contrast(const SearchCurve& chosen,
                                            const SearchCurve& second,
                                            const GoalLine& goal) {
  const FreshEnergies a = fresh_energies(chosen, goal);
  const FreshEnergies b = fresh_energies(second, goal);
  if (!a.can_compare || !b.can_compare || (a.any_capped && b.any_capped)) {
    return std::nullopt;
  }
  FreshContrast contrast{welch_ratio(a.joules, b.joules)};
  if (a.any_capped || b.any_capped) {
    contrast.ratio = {contrast.ratio.value, std::nullopt, std::nullopt};
    contrast.says = b.any_capped ? RatioSays::at_most : RatioSays::at_least;
    return contrast;
  }
  const bool is_shown = contrast.ratio.p_value && *contrast.ratio.p_value < kSignificant;
  if (is_shown && contrast.ratio.value < 1) {
    const bool has_many = std::min(a.joules.size(), b.joules.size()) >= kFreshForA;
    contrast.evidence = has_many ? Evidence::a : Evidence::b;
  }
  return contrast;
}

}  // namespace gradwatt
