#include "analyze/axis_drivers.h"

#include "analyze/statistics.h"
#include "analyze/variance_shares.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

constexpr double kMainShare = 0.5;

std::optional<double> value_of(const SetupResult& setup, Quantity quantity) {
  const auto& estimate = quantity == Quantity::cost_per_epoch   ? setup.cost_per_epoch
                         : quantity == Quantity::epochs_to_goal ? setup.epochs_needed
                                                                : setup.cost_per_run;
  return estimate ? std::optional(estimate->value) : std::nullopt;
}

}  // namespace

Quantity cost_quantity(const Grid& grid) {
  const auto has = [&](auto estimate) {
    return std::any_of(grid.setups.begin(), grid.setups.end(), [&](const SetupResult& setup) {
      return (setup.*estimate).has_value();
    });
  };
  return !has(&SetupResult::cost_per_epoch) && has(&SetupResult::cost_per_run)
             ? Quantity::cost_per_run
             : Quantity::cost_per_epoch;
}

std::optional<std::vector<double>> driver_shares(const Grid& grid, Quantity quantity) {
  std::vector<GridNumber> numbers;
  for (const SetupResult& setup : grid.setups) {
    if (const auto value = value_of(setup, quantity)) {
      numbers.push_back({setup.place, std::log(*value)});
    }
  }
  return variance_shares(numbers);
}

std::optional<std::size_t> main_driver(const std::optional<std::vector<double>>& shares) {
  if (shares) {
    for (std::size_t axis = 0; axis < shares->size(); ++axis) {
      if ((*shares)[axis] >= kMainShare) {
        return axis;
      }
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> axis_behind(const std::optional<std::vector<double>>& shares,
                                       const SetupResult& a,
                                       const SetupResult& b) {
  const auto driver = main_driver(shares);
  if (driver && a.place[*driver] != b.place[*driver]) {
    return driver;
  }
  std::optional<std::size_t> only;
  for (std::size_t axis = 0; axis < a.place.size(); ++axis) {
    if (a.place[axis] == b.place[axis]) {
      continue;
    }
    if (only) {
      return std::nullopt;
    }
    only = axis;
  }
  return only;
}

std::optional<AxisEffect> axis_effect(
    const Grid& grid, Quantity quantity, std::size_t axis, std::size_t value, std::size_t against) {
  AxisEffect effect;
  std::vector<double> with;
  std::vector<double> without;
  std::vector<double> metric_changes;
  for (const SetupResult& setup : grid.setups) {
    if (setup.place[axis] != value) {
      continue;
    }
    std::vector<std::size_t> place = setup.place;
    place[axis] = against;
    const SetupResult* other = grid.at(place);
    const auto a = value_of(setup, quantity);
    const auto b = other == nullptr ? std::nullopt : value_of(*other, quantity);
    if (!a || !b) {
      continue;
    }
    with.push_back(*a);
    without.push_back(*b);
    if (setup.metric && other->metric) {
      metric_changes.push_back(*setup.metric - *other->metric);
    }
    effect.runs.insert(effect.runs.end(), setup.runs.begin(), setup.runs.end());
    effect.runs.insert(effect.runs.end(), other->runs.begin(), other->runs.end());
  }
  if (with.empty()) {
    return std::nullopt;
  }
  effect.setups = static_cast<int>(with.size());
  effect.ratio = welch_ratio(with, without);
  if (metric_changes.size() == with.size()) {
    effect.metric_change = spread_of(metric_changes).mean;
  }
  return effect;
}

}  // namespace gradwatt
