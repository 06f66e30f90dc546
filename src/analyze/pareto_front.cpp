#include "analyze/pareto_front.h"

#include "analyze/statistics.h"
#include "analyze/welch_ratio.h"

#include <algorithm>

namespace gradwatt {
namespace {

/// Whether a is no larger than b, and shown to be smaller where that can be told.
bool is_no_more(const std::vector<double>& a, const std::vector<double>& b) {
  const Ratio ratio = welch_ratio(a, b);
  return ratio.interval ? ratio.interval->hi < 1 : ratio.value <= 1;
}

bool is_beaten_by(const EnergyAndTime& one, const EnergyAndTime& other) {
  const bool is_less = other.energy_j < one.energy_j || other.time_s < one.time_s;
  return is_less && other.energy_j <= one.energy_j && other.time_s <= one.time_s &&
         is_no_more(other.energies_j, one.energies_j) && is_no_more(other.times_s, one.times_s);
}

}  // namespace

std::vector<EnergyAndTime> energies_and_times(std::span<const SetupResult> setups, bool has_goal) {
  std::vector<EnergyAndTime> known;
  for (std::size_t index = 0; index < setups.size(); ++index) {
    const SetupResult& setup = setups[index];
    const bool judged = !has_goal || setup.state == SetupState::measured;
    const auto& energies = has_goal ? setup.energies_to_goal_j : setup.energies_per_run_j;
    const auto& times = has_goal ? setup.times_to_goal_s : setup.times_per_run_s;
    if (judged && !energies.empty() && !times.empty()) {
      known.push_back({index, energies, times, geometric_mean(energies), geometric_mean(times)});
    }
  }
  return known;
}

std::vector<EnergyAndTime> pareto_front(std::vector<EnergyAndTime> setups) {
  std::stable_sort(setups.begin(), setups.end(), [](const auto& a, const auto& b) {
    return std::pair(a.energy_j, a.time_s) < std::pair(b.energy_j, b.time_s);
  });
  std::vector<EnergyAndTime> front;
  for (const EnergyAndTime& one : setups) {
    const bool is_out = std::any_of(setups.begin(), setups.end(), [&](const EnergyAndTime& other) {
      return other.setup != one.setup && is_beaten_by(one, other);
    });
    if (!is_out) {
      front.push_back(one);
    }
  }
  return front;
}

}  // namespace gradwatt
