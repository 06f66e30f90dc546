#include "experiment/conduct_search.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace gradwatt {
namespace {

using Pieces = std::vector<std::vector<SearchPiece>>;

std::size_t pieces_in(const Pieces& pieces) {
  return std::accumulate(pieces.begin(), pieces.end(), std::size_t{0}, [](auto sum, const auto& p) {
    return sum + p.size();
  });
}

/// A program that ignores its checkpoint trains the first epochs again and again, and every number
/// of the race would be wrong.
void check_that_it_continued(const std::vector<SearchPiece>& pieces, const PlannedPoint& point) {
  const SearchPiece& last = pieces.back();
  const SearchPiece* before = nullptr;
  for (const SearchPiece& piece : pieces) {
    if (&piece != &last && piece.role == PieceRole::race && piece.end == PieceEnd::paused &&
        !piece.epochs.empty()) {
      before = &piece;
    }
  }
  if (last.role != PieceRole::race || last.epochs.empty() || before == nullptr) {
    return;
  }
  if (last.epochs.front().epoch <= before->epochs.front().epoch) {
    throw Error(
        fmt::format("the training began again with epoch {} instead of going on after epoch {}",
                    last.epochs.front().epoch,
                    before->epochs.back().epoch),
        label_of(point.point, 1),
        "it has to load {checkpoint} when that file is there and to number its epochs on; if it "
        "cannot, use strategy = \"sequential-cap\"");
  }
}

void check_piece(const SearchStep& step, const SearchPiece& piece, const PlannedPoint& point) {
  // What the monitor saw when it stopped the training and what was booked then differ a little.
  constexpr double kNearlyAll = 0.8;
  const bool is_budget = step.budget_j && piece.total_j >= kNearlyAll * *step.budget_j;
  if (piece.end == PieceEnd::interrupted && !is_budget) {
    throw Error("the training was ended by somebody else",
                label_of(point.point, 1),
                "start the sweep again: it goes on from there");
  }
}

}  // namespace

std::optional<int> conduct_search(const SearchRules& rules, SearchWorld& world) {
  if (const auto signal = wait_for_leftovers(
          world.attempts, world.runner, [&](const Attempt& a) { world.watcher.waiting_for(a); })) {
    return signal;
  }
  const bool continues = continues_trainings(rules.strategy);
  Pieces pieces = world.pieces();
  for (bool is_first = true;; is_first = false) {
    std::vector<SearchCurve> curves;
    curves.reserve(pieces.size());
    for (const auto& of_setup : pieces) {
      curves.push_back(curve_of(of_setup, rules.goal, continues));
    }
    const SearchStep step = next_search_step(rules, curves);
    if (step.end) {
      return std::nullopt;
    }
    if (const auto signal = world.runner.pause(is_first ? Duration{} : world.cooldown)) {
      return signal;
    }
    const PlannedPoint point = world.point(step);
    world.watcher.starting(step, point);
    const PointRunner::End end = world.runner.run(point);
    Pieces after = world.pieces();
    const bool is_stored = pieces_in(after) > pieces_in(pieces);
    pieces = std::move(after);
    if (is_stored) {
      world.watcher.ended(step, point, pieces);
    }
    if (end.stop_signal) {
      return end.stop_signal;
    }
    if (!is_stored) {
      throw Error(
          fmt::format("gradwatt run ended with status {} and stored no run", end.exit_status),
          label_of(point.point, 1),
          "its log says why; the sweep goes on from here when it is started again");
    }
    check_piece(step, pieces[step.setup].back(), point);
    if (continues) {
      check_that_it_continued(pieces[step.setup], point);
    }
  }
}

}  // namespace gradwatt
