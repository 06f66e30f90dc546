#pragma once

#include "analyze/search_outcome.h"
#include "analyze/table.h"

#include <optional>
#include <span>
#include <vector>

namespace gradwatt {

/// A search over trainings that were recorded to their end.
struct SearchReplay {
  int repeat = 0;
  SearchOutcome outcome;
  double grid_j = 0;  ///< What the recorded trainings of this repeat used.
  /// Extra energy of the chosen setup against the best one, as a share: both by their mean over all
  /// repeats, so that a strategy gains nothing from the luck of one. Absent: it chose none.
  std::optional<double> regret;

  [[nodiscard]] double share() const { return outcome.spent_j / grid_j; }
};

/// One recorded training for each setup; nullptr: there is none, and it counts as failed.
using RecordedSetups = std::vector<const RunRow*>;

/// Runs a search over recorded trainings: every piece that it asks for is read off the record
/// instead of being trained. A piece begins with the energy that the record has outside epochs, and
/// is stopped within an epoch as a live one would be.
[[nodiscard]] std::vector<SearchCurve> replay_search(const SearchRules& rules,
                                                     const RecordedSetups& recorded);

/// One piece as the record gives it. Takes  done: epochs that the setup already has.
[[nodiscard]] SearchPiece recorded_piece(const RunRow& recorded,
                                         const SearchStep& step,
                                         std::size_t done);

}  // namespace gradwatt
