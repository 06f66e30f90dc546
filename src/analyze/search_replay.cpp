#include "analyze/search_replay.h"

#include "base/expects.h"

#include <algorithm>
#include <limits>

namespace gradwatt {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

/// At how many joules of its piece a training is stopped, given its best epoch so far, and how it
/// has ended then.
struct Stop {
  double joules = kNever;
  PieceEnd end = PieceEnd::stopped;
};

Stop stop_of(const SearchStep& step, std::optional<double> best) {
  Stop stop{step.cap_j.value_or(kNever), PieceEnd::stopped};
  for (const SearchDeadline& deadline : step.deadlines) {
    const bool is_met = best && *best >= score_of(deadline.metric, *step.goal);
    if (!is_met) {
      stop.joules = std::min(stop.joules, deadline.joules);
    }
  }
  if (step.pause_j && *step.pause_j < stop.joules) {
    stop = {*step.pause_j, PieceEnd::paused};
  }
  if (step.budget_j && *step.budget_j < stop.joules) {
    stop = {*step.budget_j, PieceEnd::interrupted};
  }
  return stop;
}

}  // namespace

SearchPiece recorded_piece(const RunRow& recorded, const SearchStep& step, std::size_t done) {
  SearchPiece piece;
  piece.role = step.role;
  piece.rung = step.rung;
  piece.end = PieceEnd::finished;
  piece.outside_j = recorded.outside_epochs_j.value_or(0);
  double used = piece.outside_j;
  std::optional<double> best;
  for (std::size_t i = done; i < recorded.epochs.size(); ++i) {
    const EpochRow& epoch = recorded.epochs[i];
    const double joules = epoch.energy_j.value_or(0);
    const Stop stop = stop_of(step, best);
    if (used + joules > stop.joules) {
      EpochRow part = epoch;
      part.complete = false;
      part.metrics.clear();
      part.energy_j = std::max(0.0, stop.joules - used);
      piece.epochs.push_back(part);
      piece.end = stop.end;
      piece.total_j = std::max(used, stop.joules);
      return piece;
    }
    used += joules;
    piece.epochs.push_back(epoch);
    const auto metric = step.goal ? epoch.metrics.find(step.goal->metric) : epoch.metrics.end();
    if (metric != epoch.metrics.end()) {
      const double score = score_of(metric->second, *step.goal);
      best = best ? std::max(*best, score) : score;
    }
    const bool is_last = i + 1 == recorded.epochs.size();
    const bool reached = step.stops_at_goal && step.goal && reaches(epoch, *step.goal);
    if (!is_last && !reached && step.epochs && static_cast<int>(i) + 1 >= *step.epochs) {
      piece.end = PieceEnd::paused;
      break;
    }
    if (reached) {
      break;
    }
  }
  piece.end = recorded.epochs.size() <= done ? PieceEnd::finished : piece.end;
  piece.total_j = used;
  return piece;
}

std::vector<SearchCurve> replay_search(const SearchRules& rules, const RecordedSetups& recorded) {
  const bool continues = continues_trainings(rules.strategy);
  std::vector<std::vector<SearchPiece>> pieces(recorded.size());
  std::vector<SearchCurve> curves(recorded.size());
  for (std::size_t setup = 0; setup < recorded.size(); ++setup) {
    if (recorded[setup] == nullptr || recorded[setup]->epochs.empty()) {
      SearchPiece failed;
      failed.end = PieceEnd::failed;
      pieces[setup].push_back(failed);
      curves[setup] = curve_of(pieces[setup], rules.goal, continues);
    }
  }
  while (true) {
    const SearchStep step = next_search_step(rules, curves);
    if (step.end) {
      return curves;
    }
    const bool goes_on = continues && step.role == PieceRole::race;
    pieces[step.setup].push_back(recorded_piece(
        *recorded[step.setup], step, goes_on ? curves[step.setup].points.size() : 0));
    curves[step.setup] = curve_of(pieces[step.setup], rules.goal, continues);
  }
}

}  // namespace gradwatt
