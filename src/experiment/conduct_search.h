#pragma once

#include "analyze/search_step.h"
#include "experiment/conduct_sweep.h"
#include "experiment/point_runner.h"

#include <functional>
#include <optional>
#include <vector>

namespace gradwatt {

/// Told what happens, to show it. Each call comes after the fact is stored.
class SearchWatcher {
 public:
  virtual ~SearchWatcher() = default;
  virtual void waiting_for(const Attempt& leftover) = 0;
  virtual void starting(const SearchStep& step, const PlannedPoint& point) = 0;
  virtual void ended(const SearchStep& step,
                     const PlannedPoint& point,
                     const std::vector<std::vector<SearchPiece>>& pieces) = 0;
};

/// What a search acts on: the store and the machine.
struct SearchWorld {
  /// What is stored of each setup.
  std::function<std::vector<std::vector<SearchPiece>>()> pieces;
  /// All runs of the sweep, to find those that a killed one left behind.
  std::function<std::vector<Attempt>()> attempts;
  /// The run that takes a step.
  std::function<PlannedPoint(const SearchStep&)> point;
  PointRunner& runner;
  SearchWatcher& watcher;
  Duration cooldown{};
};

/// Takes one step after the other until the search is over. Returns the signal that stopped it.
///
/// It keeps nothing in memory: before each step the whole search is read from the store anew. So it
/// goes on after any end, also its own death, as if there had been none.
/// Throws  Error when a piece left nothing in the store, was ended by somebody, or shows that the
///         training does not continue.
[[nodiscard]] std::optional<int> conduct_search(const SearchRules& rules, SearchWorld& world);

}  // namespace gradwatt
