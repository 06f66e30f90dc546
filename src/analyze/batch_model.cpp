#include "analyze/batch_model.h"

#include "analyze/statistics.h"
#include "base/expects.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace gradwatt {
namespace {

std::optional<double> positive_number(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size() && number > 0;
  return whole ? std::optional(number) : std::nullopt;
}

std::optional<std::size_t> batch_axis(const Grid& grid) {
  for (std::size_t axis = 0; axis < grid.axes.size(); ++axis) {
    const auto& values = grid.axes[axis].values;
    if (is_batch_name(grid.axes[axis].name) &&
        std::all_of(values.begin(), values.end(), [](const std::string& value) {
          return positive_number(value).has_value();
        })) {
      return axis;
    }
  }
  return std::nullopt;
}

}  // namespace

bool is_batch_name(std::string_view axis) {
  return axis == "bs" || axis.find("batch") != std::string_view::npos;
}

const char* name_of(BatchLack lack) {
  switch (lack) {
    case BatchLack::no_batch_axis:
      return "no_batch_axis";
    case BatchLack::too_few_batches:
      return "too_few_batches";
    case BatchLack::no_goal:
      return "no_goal";
    case BatchLack::too_few_reached:
      return "too_few_reached";
    case BatchLack::not_identifiable:
      return "not_identifiable";
  }
  expects(false, "a known lack");
  return "";
}

std::optional<BatchModel> batch_model(const Grid& grid) {
  const auto axis = batch_axis(grid);
  if (!axis) {
    return std::nullopt;
  }
  std::map<double, std::vector<double>> costs;
  std::map<double, double> epochs;
  for (const SetupResult& setup : grid.setups) {
    const double batch = *positive_number(grid.axes[*axis].values[setup.place[*axis]]);
    if (setup.cost_per_epoch) {
      costs[batch].push_back(setup.cost_per_epoch->value);
    }
    if (setup.epochs_needed && setup.state == SetupState::measured) {
      const auto [known, is_new] = epochs.emplace(batch, setup.epochs_needed->value);
      known->second = std::min(known->second, setup.epochs_needed->value);
    }
  }
  std::vector<BatchPoint> cost_points;
  BatchModel model;
  model.axis = *axis;
  for (const auto& [batch, values] : costs) {
    cost_points.push_back({batch, geometric_mean(values)});
    model.tested.push_back(batch);
  }
  const std::optional<EpochCostByBatch> cost = epoch_cost_by_batch(cost_points);
  if (!cost) {
    return std::nullopt;
  }
  model.cost = *cost;
  std::vector<BatchPoint> epoch_points;
  for (const auto& [batch, needed] : epochs) {
    epoch_points.push_back({batch, needed});
  }
  model.epochs = epochs_by_batch(epoch_points);
  if (model.epochs) {
    model.cheapest = cheapest_batch(model.cost, *model.epochs);
  }
  return model;
}

std::optional<BatchLack> batch_lack(const Grid& grid, const std::optional<BatchModel>& model) {
  if (!model) {
    return batch_axis(grid) ? BatchLack::too_few_batches : BatchLack::no_batch_axis;
  }
  if (!grid.goal) {
    return BatchLack::no_goal;
  }
  if (!model->epochs) {
    return BatchLack::too_few_reached;
  }
  return model->epochs->critical ? std::nullopt : std::optional(BatchLack::not_identifiable);
}

}  // namespace gradwatt
