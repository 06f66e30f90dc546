#include "experiment/sweep_plan.h"

#include "base/error.h"
#include "experiment/command_template.h"
#include "experiment/point_key.h"
#include "experiment/seeded_shuffle.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <random>

namespace gradwatt {
namespace {

using Cell = std::vector<Factor>;

bool is_excluded(const SweepFile& file, const Cell& cell) {
  return std::any_of(file.excluded.begin(), file.excluded.end(), [&](const Cell& excluded) {
    return std::all_of(excluded.begin(), excluded.end(), [&](const Factor& factor) {
      return std::find(cell.begin(), cell.end(), factor) != cell.end();
    });
  });
}

/// The grid, the last axis running fastest.
std::vector<Cell> cells_of(const SweepFile& file) {
  std::vector<Cell> cells{{}};
  for (const Axis& axis : file.axes) {
    std::vector<Cell> longer;
    for (const Cell& cell : cells) {
      for (const std::string& value : axis.values) {
        longer.push_back(cell);
        longer.back().push_back({axis.name, value});
      }
    }
    cells = std::move(longer);
  }
  std::erase_if(cells, [&](const Cell& cell) { return is_excluded(file, cell); });
  return cells;
}

/// gradwatt-train WORKLOAD --name=value...: "_" becomes "-", true a bare flag and false nothing.
std::vector<std::string> workload_command(const SweepFile& file,
                                          const Cell& cell,
                                          int repeat,
                                          const std::string& trainer) {
  std::vector<std::string> command{trainer, file.workload};
  const auto add = [&](std::string name, const std::string& value) {
    std::replace(name.begin(), name.end(), '_', '-');
    command.push_back("--" + name + "=" + value);
  };
  auto values = values_of(file, cell, repeat);
  values.erase("repeat");
  for (const Factor& factor : cell) {
    add(factor.name, factor.value);
    values.erase(factor.name);
  }
  for (const FixedValue& fixed : file.fixed) {
    add(fixed.name, values.at(fixed.name));
    values.erase(fixed.name);
  }
  for (const auto& [name, value] : values) {
    add(name, value);  // The seed, unless the file names one: repeats have to differ.
  }
  return command;
}

void put_in_order(std::vector<PlannedPoint>& points, const SweepFile& file, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  if (file.order == SweepOrder::sequential) {
    const std::size_t cells = points.size() / static_cast<std::size_t>(file.repeat);
    std::vector<PlannedPoint> sorted;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const auto repeat = i % static_cast<std::size_t>(file.repeat);
      sorted.push_back(points[repeat * cells + i / static_cast<std::size_t>(file.repeat)]);
    }
    points = std::move(sorted);
  } else if (file.order == SweepOrder::random) {
    shuffle_seeded(std::span(points), random);
  } else {
    const std::size_t cells = points.size() / static_cast<std::size_t>(file.repeat);
    for (std::size_t begin = 0; begin < points.size(); begin += cells) {
      shuffle_seeded(std::span(points).subspan(begin, cells), random);
    }
  }
}

}  // namespace

std::vector<std::string> command_of(const SweepFile& file,
                                    const std::vector<Factor>& cell,
                                    int repeat,
                                    const std::string& trainer) {
  if (!file.workload.empty()) {
    return workload_command(file, cell, repeat, trainer);
  }
  auto values = values_of(file, cell, repeat);
  values.emplace("checkpoint", "{checkpoint}");
  std::vector<std::string> command;
  for (const std::string& element : file.command) {
    command.push_back(substituted(element, values));
  }
  return command;
}

std::vector<PlannedPoint> plan_sweep(const SweepFile& file,
                                     std::uint64_t seed,
                                     const std::string& trainer) {
  const std::vector<Cell> cells = cells_of(file);
  if (cells.empty()) {
    throw UsageError("every cell is excluded", file.name, "remove an [[exclude]]");
  }
  if (!file.default_cell.empty() && is_excluded(file, file.default_cell)) {
    throw UsageError("the default cell is excluded", file.name, "name another default");
  }
  std::vector<PlannedPoint> points;
  for (int repeat = 0; repeat < file.repeat; ++repeat) {
    for (const Cell& cell : cells) {
      points.push_back({{file.name, point_key(file, cell, repeat), cell, repeat},
                        command_of(file, cell, repeat, trainer)});
    }
  }
  put_in_order(points, file, seed);
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i].position = static_cast<int>(i) + 1;
  }
  return points;
}

std::map<std::string, std::string> sweep_tags(const SweepFile& file, std::uint64_t seed) {
  std::map<std::string, std::string> tags{{"sweep.seed", std::to_string(seed)},
                                          {"sweep.order", name_of(file.order)}};
  nlohmann::ordered_json axes;
  for (const Axis& axis : file.axes) {
    axes[axis.name] = axis.values;
  }
  tags["sweep.axes"] = axes.dump();
  if (file.goal) {
    tags["sweep.goal"] = goal_text(*file.goal);
  }
  if (!file.default_cell.empty()) {
    nlohmann::ordered_json cell;
    for (const Factor& factor : file.default_cell) {
      cell[factor.name] = factor.value;
    }
    tags["sweep.default"] = cell.dump();
  }
  return tags;
}

std::string goal_text(const Goal& goal) {
  if (goal.reach) {
    return fmt::format("{}{}{}", goal.metric, goal.smaller_is_better ? "<=" : ">=", *goal.reach);
  }
  return fmt::format(
      "{} best{}{}", goal.metric, goal.smaller_is_better ? '+' : '-', goal.best_minus.value_or(0));
}

std::string label_of(const SweepPoint& point, int repeats) {
  std::string label;
  for (const Factor& factor : point.factors) {
    label += fmt::format("{}{}={}", label.empty() ? "" : " ", factor.name, factor.value);
  }
  return repeats > 1 ? fmt::format("{} #{}", label, point.repeat + 1) : label;
}

}  // namespace gradwatt
