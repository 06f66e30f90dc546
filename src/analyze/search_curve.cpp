#include "analyze/search_curve.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gradwatt {
namespace {

std::optional<double> finite_metric(const EpochRow& epoch, const Goal& goal) {
  const auto metric = epoch.metrics.find(goal.metric);
  const bool is_there = metric != epoch.metrics.end() && std::isfinite(metric->second);
  return is_there ? std::optional(metric->second) : std::nullopt;
}

/// Epochs from `epoch` on are trained anew: what they took is lost.
void forget_from(SearchCurve& curve, int epoch) {
  while (!curve.points.empty() && curve.points.back().epoch >= epoch) {
    const double before =
        curve.points.size() > 1 ? curve.points[curve.points.size() - 2].joules : 0;
    curve.joules -= curve.points.back().joules - before;
    curve.points.pop_back();
  }
}

void add_race(SearchCurve& curve, const SearchPiece& piece, const Goal& goal) {
  if (!piece.epochs.empty()) {
    forget_from(curve, piece.epochs.front().epoch);
  }
  const bool has_whole = std::any_of(
      piece.epochs.begin(), piece.epochs.end(), [](const EpochRow& e) { return e.complete; });
  const bool is_lost = piece.end == PieceEnd::interrupted && !has_whole;
  if (is_lost) {
    return;
  }
  ++curve.pieces;
  curve.outside_j += piece.outside_j;
  curve.joules += piece.outside_j;
  for (const EpochRow& epoch : piece.epochs) {
    if (!epoch.complete && piece.end == PieceEnd::interrupted) {
      continue;
    }
    curve.joules += epoch.energy_j.value_or(0);
    if (epoch.complete || finite_metric(epoch, goal)) {
      curve.points.push_back(
          {epoch.epoch, curve.joules, finite_metric(epoch, goal), piece.rung, curve.pieces});
    }
  }
  curve.end = piece.end;
}

bool is_seen(const SearchPoint& point, std::optional<int> rung) {
  return !rung || point.rung <= *rung;
}

}  // namespace

std::optional<double> SearchCurve::epoch_j() const {
  const double inside = joules - outside_j;
  const auto count = static_cast<double>(points.size());
  if (points.size() == 1) {
    return std::max(0.0, points.front().joules - start_up_j());
  }
  if (points.size() > 1) {
    const double first = std::max(0.0, points.front().joules - start_up_j());
    return std::max(0.0, inside - first) / (count - 1);
  }
  return profile_j;
}

SearchCurve curve_of(std::span<const SearchPiece> pieces, const Goal& goal, bool continues) {
  SearchCurve curve;
  for (const SearchPiece& piece : pieces) {
    curve.spent_j += piece.total_j;
    if (piece.role == PieceRole::race && (continues || piece.end != PieceEnd::interrupted)) {
      if (!continues) {
        curve.points.clear();
        curve.joules = curve.outside_j = 0;
        curve.pieces = 0;
      }
      add_race(curve, piece, goal);
    } else if (piece.role == PieceRole::profile && piece.end == PieceEnd::failed) {
      curve.end = PieceEnd::failed;
    } else if (piece.role == PieceRole::profile && piece.end != PieceEnd::interrupted) {
      // Without an epoch all it used stands for one: nothing that small is worth waiting for.
      const bool known = !piece.epochs.empty() && piece.epochs.front().energy_j;
      curve.profile_j = known ? *piece.epochs.front().energy_j : piece.total_j;
    } else if (piece.role == PieceRole::confirm && piece.end != PieceEnd::interrupted) {
      SearchCurve fresh;
      add_race(fresh, piece, goal);
      fresh.spent_j = piece.total_j;
      curve.confirmed.push_back(std::move(fresh));
    }
  }
  return curve;
}

double score_of(double metric, const GoalLine& goal) {
  return goal.smaller_is_better ? -metric : metric;
}

std::optional<double> joules_to(const SearchCurve& curve,
                                const GoalLine& goal,
                                std::optional<int> rung) {
  for (const SearchPoint& point : curve.points) {
    if (point.metric && is_seen(point, rung) &&
        score_of(*point.metric, goal) >= score_of(goal.threshold, goal)) {
      return point.joules;
    }
  }
  return std::nullopt;
}

std::optional<double> best_score(const SearchCurve& curve,
                                 const GoalLine& goal,
                                 std::optional<int> rung) {
  std::optional<double> best;
  for (const SearchPoint& point : curve.points) {
    if (point.metric && is_seen(point, rung)) {
      const double score = score_of(*point.metric, goal);
      best = best ? std::max(*best, score) : score;
    }
  }
  return best;
}

std::optional<GoalLine> search_goal(const SearchRules& rules, std::span<const SearchCurve> curves) {
  GoalLine line{rules.goal.metric, rules.goal.reach.value_or(0), rules.goal.smaller_is_better};
  if (rules.goal.reach) {
    return line;
  }
  const SearchCurve& base = curves[rules.default_setup];
  const auto best = best_score(base, line);
  if (!best || !base.is_out()) {
    return std::nullopt;
  }
  const double least = *best - rules.goal.best_minus.value_or(0);
  line.threshold = line.smaller_is_better ? -least : least;
  return line;
}

std::optional<SearchLeader> leader_of(std::span<const SearchCurve> curves, const GoalLine& goal) {
  std::optional<SearchLeader> leader;
  for (std::size_t setup = 0; setup < curves.size(); ++setup) {
    const auto joules = joules_to(curves[setup], goal);
    if (joules && (!leader || *joules < leader->joules)) {
      leader = SearchLeader{setup, *joules};
    }
  }
  return leader;
}

}  // namespace gradwatt
