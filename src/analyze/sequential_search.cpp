#include "analyze/search_step.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace gradwatt {
namespace {

/// Energy per epoch of each group: the mean over its setups of which it is known.
std::map<std::size_t, double> epoch_energies(const SearchRules& rules,
                                             std::span<const SearchCurve> curves) {
  std::map<std::size_t, std::vector<double>> known;
  for (std::size_t setup = 0; setup < rules.groups.size(); ++setup) {
    if (const auto joules = curves[setup].epoch_j()) {
      known[rules.groups[setup]].push_back(*joules);
    }
  }
  std::map<std::size_t, double> means;
  for (const auto& [group, values] : known) {
    means[group] =
        std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  }
  return means;
}

/// The epoch that says what a group costs, of the first group of which that is not known.
std::optional<SearchStep> profile_step(const SearchRules& rules,
                                       std::span<const SearchCurve> curves,
                                       const std::map<std::size_t, double>& known) {
  for (std::size_t setup = 0; setup < rules.groups.size(); ++setup) {
    const auto group = rules.groups[setup];
    if (!known.contains(group) && curves[setup].end != PieceEnd::failed) {
      SearchStep step;
      step.setup = setup;
      step.role = PieceRole::profile;
      step.why = "energy of an epoch";
      step.epochs = 1;
      return step;
    }
  }
  return std::nullopt;
}

/// By when a training must have reached each level that the leader reached, or it has lost.
std::vector<SearchDeadline> deadlines_of(const SearchCurve& leader,
                                         const GoalLine& goal,
                                         double lag) {
  std::vector<SearchDeadline> deadlines;
  std::optional<double> record;
  for (const SearchPoint& point : leader.points) {
    if (!point.metric || (record && score_of(*point.metric, goal) <= *record)) {
      continue;
    }
    record = score_of(*point.metric, goal);
    deadlines.push_back({lag * point.joules, *point.metric});
    if (*record >= score_of(goal.threshold, goal)) {
      break;
    }
  }
  return deadlines;
}

}  // namespace

std::optional<SearchStep> sequential_step(const SearchRules& rules,
                                          const GoalLine& goal,
                                          std::span<const SearchCurve> curves) {
  const auto is_open = [&](std::size_t setup) {
    return !curves[setup].is_out() && !joules_to(curves[setup], goal);
  };
  const auto leader = leader_of(curves, goal);
  std::optional<std::size_t> next;
  if (is_open(rules.default_setup)) {
    next = rules.default_setup;
  } else {
    const auto energies = epoch_energies(rules, curves);
    if (auto profile = profile_step(rules, curves, energies)) {
      profile->ahead_j = leader ? rules.cap * leader->joules : 0;
      return profile;
    }
    const auto cost = [&](std::size_t setup) {
      const auto known = rules.groups.empty() ? energies.end() : energies.find(rules.groups[setup]);
      return known == energies.end() ? 0.0 : known->second;
    };
    for (std::size_t setup = 0; setup < curves.size(); ++setup) {
      // One epoch dearer than the best training: it cannot win.
      const bool can_win = !leader || cost(setup) <= rules.cap * leader->joules;
      if (is_open(setup) && can_win && (!next || cost(setup) < cost(*next))) {
        next = setup;
      }
    }
  }
  if (!next) {
    return std::nullopt;
  }
  SearchStep step;
  step.setup = *next;
  step.why = *next == rules.default_setup ? "default first" : "next in energy per epoch";
  step.epochs = rules.epochs_max > 0 ? std::optional(rules.epochs_max) : std::nullopt;
  if (leader) {
    step.cap_j = rules.cap * leader->joules;
    step.ahead_j = *step.cap_j;
    if (rules.lag) {
      step.deadlines = deadlines_of(curves[leader->setup], goal, *rules.lag);
    }
  }
  return step;
}

}  // namespace gradwatt
