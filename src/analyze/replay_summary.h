#pragma once

#include "analyze/grid.h"
#include "analyze/search_replay.h"

#include <span>
#include <vector>

namespace gradwatt {

/// How a strategy does on recorded trainings, over all their repeats.
struct ReplaySummary {
  SearchStrategy strategy = SearchStrategy::grid;
  std::vector<SearchReplay> replays;  ///< One for each repeat.

  [[nodiscard]] double share_mean() const;
  [[nodiscard]] double share_max() const;
  /// Over the repeats in which a setup was chosen; nullopt without any.
  [[nodiscard]] std::optional<double> regret_mean() const;
  [[nodiscard]] std::optional<double> regret_max() const;
  [[nodiscard]] int found() const;
};

/// Recorded trainings to search: the setups of a grid, and for each repeat a training of each.
class RecordedGrid {
 public:
  /// Takes  a table of trainings that ran to their end, with a row per epoch.
  /// Throws UsageError when it has no epochs, an energy is missing, or nothing reaches the goal.
  RecordedGrid(std::span<const RunRow> runs, const std::vector<GridAxis>& axes, const Goal& goal);

  [[nodiscard]] const Grid& grid() const { return grid_; }
  /// Setups that share the values of these axes share a number. Throws UsageError for other names.
  [[nodiscard]] std::vector<std::size_t> groups_by(const std::vector<std::string>& axes) const;
  [[nodiscard]] ReplaySummary replay(const SearchRules& rules) const;

 private:
  [[nodiscard]] std::optional<double> regret_of(const SearchOutcome& outcome) const;

  std::span<const RunRow> runs_;
  Grid grid_;
  std::vector<std::pair<int, RecordedSetups>> repeats_;
};

/// The axes that change what an epoch costs, when nobody says: all but those whose names say that
/// they change the optimizer alone, as lr, learning_rate, momentum, weight_decay and seed.
[[nodiscard]] std::vector<std::string> cost_axes(const std::vector<GridAxis>& axes);

}  // namespace gradwatt
