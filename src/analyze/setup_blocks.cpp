#include "analyze/setup_blocks.h"

#include "analyze/energy_to_goal.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace gradwatt {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

bool is_usable(const RunRow& run) {
  const auto energy = energy_spent(run);
  return run.outcome == RunOutcome::finished && energy && *energy > 0;
}

std::optional<std::string> value_of(const RunRow& run, const std::string& name) {
  for (const auto& [factor, value] : run.factors) {
    if (factor == name) {
      return value;
    }
  }
  return std::nullopt;
}

/// Whether every usable run has the factor, and whether a kind has several values of it.
bool divides(std::span<const std::vector<RunRow>> kinds, const std::string& name) {
  bool varies = false;
  for (const auto& runs : kinds) {
    std::set<std::string> values;
    for (const RunRow& run : runs) {
      if (is_usable(run)) {
        const auto value = value_of(run, name);
        if (!value) {
          return false;
        }
        values.insert(*value);
      }
    }
    varies = varies || values.size() > 1;
  }
  return varies;
}

std::vector<std::string> dividing_factors(std::span<const std::vector<RunRow>> kinds) {
  std::vector<std::string> names;
  for (const auto& runs : kinds) {
    for (const RunRow& run : runs) {
      for (const auto& [name, value] : run.factors) {
        if (std::find(names.begin(), names.end(), name) == names.end()) {
          names.push_back(name);
        }
      }
    }
  }
  std::erase_if(names, [&](const std::string& name) { return !divides(kinds, name); });
  return names;
}

}  // namespace

SetupBlocks setup_blocks(std::span<const std::vector<RunRow>> kinds) {
  SetupBlocks result;
  result.matched_by = dividing_factors(kinds);
  result.unusable.resize(kinds.size());
  result.unmatched.resize(kinds.size());
  std::map<Settings, SetupBlock> by_settings;
  std::vector<Settings> order;
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    for (const RunRow& run : kinds[kind]) {
      if (!is_usable(run)) {
        ++result.unusable[kind];
        continue;
      }
      Settings settings;
      for (const std::string& name : result.matched_by) {
        settings.emplace_back(name, value_of(run, name).value_or(""));
      }
      auto [place, is_new] = by_settings.try_emplace(settings);
      if (is_new) {
        place->second = {settings, std::vector<std::vector<const RunRow*>>(kinds.size())};
        order.push_back(settings);
      }
      place->second.kinds[kind].push_back(&run);
    }
  }
  for (const Settings& settings : order) {
    SetupBlock& block = by_settings.at(settings);
    const bool is_full = std::none_of(
        block.kinds.begin(), block.kinds.end(), [](const auto& runs) { return runs.empty(); });
    for (std::size_t kind = 0; kind < kinds.size() && !is_full; ++kind) {
      result.unmatched[kind] += static_cast<int>(block.kinds[kind].size());
    }
    if (is_full) {
      result.blocks.push_back(std::move(block));
    }
  }
  return result;
}

}  // namespace gradwatt
