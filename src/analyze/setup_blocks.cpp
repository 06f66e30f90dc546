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

/// The values of a factor among the usable runs of a kind; nullopt when one does not have it.
std::optional<std::set<std::string>> values_in(const std::vector<RunRow>& runs,
                                               const std::string& name) {
  std::set<std::string> values;
  for (const RunRow& run : runs) {
    const auto value = value_of(run, name);
    if (is_usable(run) && !value) {
      return std::nullopt;
    }
    if (is_usable(run)) {
      values.insert(*value);
    }
  }
  return values;
}

/// Whether every usable run has the factor, and a kind has several values of it.
bool divides(std::span<const std::vector<RunRow>> kinds, const std::string& name) {
  bool varies = false;
  for (const auto& runs : kinds) {
    const auto values = values_in(runs, name);
    if (!values) {
      return false;
    }
    varies = varies || values->size() > 1;
  }
  return varies;
}

void note_factors(const RunRow& run, std::vector<std::string>& names) {
  for (const auto& factor : run.factors) {
    if (std::find(names.begin(), names.end(), factor.first) == names.end()) {
      names.push_back(factor.first);
    }
  }
}

std::vector<std::string> dividing_factors(std::span<const std::vector<RunRow>> kinds) {
  std::vector<std::string> names;
  for (const auto& runs : kinds) {
    for (const RunRow& run : runs) {
      note_factors(run, names);
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
