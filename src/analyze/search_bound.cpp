#include "analyze/search_bound.h"

#include <algorithm>

namespace gradwatt {

std::optional<double> expected_epoch_j(const SearchRules& rules,
                                       std::span<const SearchCurve> curves,
                                       std::size_t setup) {
  if (const auto own = curves[setup].epoch_j()) {
    return own;
  }
  for (std::size_t other = 0; other < rules.groups.size(); ++other) {
    if (rules.groups[other] == rules.groups[setup] && curves[other].epoch_j()) {
      return curves[other].epoch_j();
    }
  }
  return std::nullopt;
}

double without_pauses(const SearchCurve& curve, double joules) {
  const auto last = std::find_if(curve.points.begin(), curve.points.end(), [&](const auto& point) {
    return point.joules >= joules;
  });
  const int pieces = last == curve.points.end() ? curve.pieces : last->pieces;
  return joules - std::max(0, pieces - 1) * curve.start_up_j();
}

std::optional<double> least_joules_of(const SearchRules& rules,
                                      const GoalLine& goal,
                                      std::span<const SearchCurve> curves,
                                      std::size_t setup) {
  const SearchCurve& curve = curves[setup];
  if (const auto reached = joules_to(curve, goal)) {
    return without_pauses(curve, *reached);
  }
  if (curve.end == PieceEnd::finished || curve.end == PieceEnd::failed) {
    return std::nullopt;
  }
  // One that was stopped was in the midst of an epoch.
  const bool was_between = curve.end != PieceEnd::stopped;
  const double next = was_between ? expected_epoch_j(rules, curves, setup).value_or(0) : 0;
  return without_pauses(curve, curve.joules) + next;
}

double most_to_gain_j(const SearchRules& rules,
                      const GoalLine& goal,
                      std::span<const SearchCurve> curves,
                      const SearchLeader& leader) {
  const double needed = without_pauses(curves[leader.setup], leader.joules);
  double most = 0;
  for (std::size_t setup = 0; setup < curves.size(); ++setup) {
    const auto least = least_joules_of(rules, goal, curves, setup);
    if (least && !curves[setup].is_out()) {
      most = std::max(most, needed - *least);
    }
  }
  return most;
}

}  // namespace gradwatt
