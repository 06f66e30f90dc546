#include "analyze/grid.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace gradwatt {
namespace {

constexpr std::size_t kFullGridMax = 4096;

using Place = std::vector<std::size_t>;

std::optional<Place> place_of(std::span<const std::pair<std::string, std::string>> factors,
                              const std::vector<GridAxis>& axes) {
  Place place;
  for (const GridAxis& axis : axes) {
    const auto factor = std::find_if(
        factors.begin(), factors.end(), [&](const auto& f) { return f.first == axis.name; });
    if (factor == factors.end()) {
      return std::nullopt;
    }
    const auto value = std::find(axis.values.begin(), axis.values.end(), factor->second);
    if (value == axis.values.end()) {
      return std::nullopt;
    }
    place.push_back(static_cast<std::size_t>(value - axis.values.begin()));
  }
  return place;
}

/// All places of a grid; none when there are too many.
std::vector<Place> all_places(const std::vector<GridAxis>& axes) {
  std::vector<Place> places{{}};
  for (const GridAxis& axis : axes) {
    if (places.size() * axis.values.size() > kFullGridMax) {
      return {};
    }
    std::vector<Place> longer;
    for (const Place& place : places) {
      for (std::size_t value = 0; value < axis.values.size(); ++value) {
        longer.push_back(place);
        longer.back().push_back(value);
      }
    }
    places = std::move(longer);
  }
  return places;
}

/// Without a goal, an accuracy: of its validation, when the runs tell several.
void choose_metric(Grid& grid, std::span<const RunRow> runs) {
  if (grid.goal) {
    grid.metric = grid.goal->metric;
    grid.smaller_is_better = grid.goal->smaller_is_better;
    return;
  }
  std::set<std::string> names;
  for (const RunRow& run : runs) {
    const auto& metrics = run.epochs.empty() ? run.metrics : run.epochs.back().metrics;
    for (const auto& [name, value] : metrics) {
      names.insert(name);
    }
  }
  for (const char* known : {"val_acc", "test_acc", "val_top1", "accuracy", "acc"}) {
    if (names.contains(known)) {
      grid.metric = known;
      return;
    }
  }
}

}  // namespace

const SetupResult* Grid::at(const std::vector<std::size_t>& place) const {
  const auto found = std::lower_bound(
      setups.begin(), setups.end(), place, [](const SetupResult& setup, const Place& wanted) {
        return setup.place < wanted;
      });
  return found == setups.end() || found->place != place ? nullptr : &*found;
}

std::optional<std::size_t> Grid::find(
    std::span<const std::pair<std::string, std::string>> factors) const {
  const auto place = place_of(factors, axes);
  const SetupResult* setup = place ? at(*place) : nullptr;
  if (setup == nullptr) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(setup - setups.data());
}

Grid grid_of(std::span<const RunRow> runs,
             std::vector<GridAxis> axes,
             std::optional<Goal> goal,
             Minimise minimise) {
  Grid grid;
  grid.minimise = minimise;
  grid.axes = axes_of(runs, std::move(axes));
  grid.goal = std::move(goal);
  if (grid.goal) {
    grid.line = goal_line(*grid.goal, runs);
  }
  // Without any run that has the metric nothing is reached; a line that nothing meets says that.
  const std::optional<GoalLine> line =
      grid.goal && !grid.line ? std::optional(GoalLine{grid.goal->metric, 0, false}) : grid.line;

  choose_metric(grid, runs);
  const SetupQuestion question{line, minimise, grid.metric, grid.smaller_is_better};

  std::map<Place, std::vector<const RunRow*>> by_place;
  for (Place& place : all_places(grid.axes)) {
    by_place.emplace(std::move(place), std::vector<const RunRow*>{});
  }
  for (const RunRow& run : runs) {
    if (const auto place = place_of(run.factors, grid.axes)) {
      by_place[*place].push_back(&run);
      grid.estimated = grid.estimated || run.estimated;
    }
  }
  for (auto& [place, members] : by_place) {
    // The order in which runs were found changes no digit of any result.
    std::sort(members.begin(), members.end(), [](const RunRow* a, const RunRow* b) {
      return std::pair(a->repeat, a->run) < std::pair(b->repeat, b->run);
    });
    grid.setups.push_back(result_of(members, question));
    grid.setups.back().place = place;
  }
  return grid;
}

}  // namespace gradwatt
