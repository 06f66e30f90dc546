#include "analyze/compared_sides.h"

#include "analyze/grid_axis.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace gradwatt {
namespace {

const std::string* factor_of(const RunRow& run, const std::string& name) {
  const auto found = std::find_if(run.factors.begin(), run.factors.end(), [&](const auto& factor) {
    return factor.first == name;
  });
  return found == run.factors.end() ? nullptr : &found->second;
}

/// The values that make the block of a run; what it does not have is empty.
std::vector<std::string> block_values(const RunRow& run, const BlockKey& key) {
  std::vector<std::string> values;
  for (const std::string& name : key.factors) {
    const std::string* value = factor_of(run, name);
    values.push_back(value == nullptr ? "" : *value);
  }
  if (key.repeat) {
    values.push_back(std::to_string(run.repeat));
  }
  return values;
}

std::string block_name(const std::vector<std::string>& values, const BlockKey& key) {
  std::string name;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string& what = i < key.factors.size() ? key.factors[i] : "repeat";
    name += (name.empty() ? "" : ", ") + what + " " + values[i];
  }
  return name;
}

}  // namespace

std::vector<SideRuns> sides_by(std::vector<RunRow> runs, const std::string& factor) {
  std::vector<GridAxis> axes = axes_of(runs, {});
  const auto axis = std::find_if(
      axes.begin(), axes.end(), [&](const GridAxis& known) { return known.name == factor; });
  std::vector<SideRuns> sides;
  if (axis == axes.end()) {
    return sides;
  }
  std::map<std::string, std::size_t> places;
  for (const std::string& value : axis->values) {
    places.emplace(value, sides.size());
    sides.push_back({factor + " " + value, {}});
  }
  for (RunRow& run : runs) {
    if (const std::string* value = factor_of(run, factor)) {
      std::vector<RunRow>& side = sides[places.at(*value)].runs;
      side.push_back(std::move(run));
    }
  }
  return sides;
}

std::vector<std::string> block_factors(std::span<const SideRuns> sides) {
  std::vector<std::string> varying;
  for (const SideRuns& side : sides) {
    for (const GridAxis& axis : axes_of(side.runs, {})) {
      const bool known = std::find(varying.begin(), varying.end(), axis.name) != varying.end();
      if (axis.values.size() > 1 && !known) {
        varying.push_back(axis.name);
      }
    }
  }
  return varying;
}

std::vector<RunBlock> blocks_of(const SideRuns& of, const SideRuns& against, const BlockKey& key) {
  std::map<std::vector<std::string>, RunBlock> blocks;
  const auto add = [&](const SideRuns& side, std::vector<const RunRow*> RunBlock::*where) {
    for (const RunRow& run : side.runs) {
      if (run.outcome == RunOutcome::finished) {
        (blocks[block_values(run, key)].*where).push_back(&run);
      }
    }
  };
  add(of, &RunBlock::of);
  add(against, &RunBlock::against);
  std::vector<RunBlock> sorted;
  for (auto& [values, block] : blocks) {
    block.name = block_name(values, key);
    sorted.push_back(std::move(block));
  }
  return sorted;
}

}  // namespace gradwatt
