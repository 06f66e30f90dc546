#include "analyze/search_rules.h"

#include "base/expects.h"

#include <array>

namespace gradwatt {
namespace {

constexpr std::array kStrategies{SearchStrategy::grid,
                                 SearchStrategy::joule_halving,
                                 SearchStrategy::sequential_cap,
                                 SearchStrategy::successive_halving};

}  // namespace

const char* name_of(SearchStrategy strategy) {
  switch (strategy) {
    case SearchStrategy::grid:
      return "grid";
    case SearchStrategy::joule_halving:
      return "joule-halving";
    case SearchStrategy::sequential_cap:
      return "sequential-cap";
    case SearchStrategy::successive_halving:
      return "successive-halving";
  }
  expects(false, "a known strategy");
  return "";
}

std::optional<SearchStrategy> search_strategy_named(const std::string& name) {
  for (const SearchStrategy strategy : kStrategies) {
    if (name == name_of(strategy)) {
      return strategy;
    }
  }
  return std::nullopt;
}

std::vector<std::string> search_strategy_names() {
  std::vector<std::string> names;
  for (const SearchStrategy strategy : kStrategies) {
    names.emplace_back(name_of(strategy));
  }
  return names;
}

bool continues_trainings(SearchStrategy strategy) {
  return strategy == SearchStrategy::joule_halving ||
         strategy == SearchStrategy::successive_halving;
}

bool weighs_trainings(SearchStrategy strategy) {
  return strategy == SearchStrategy::joule_halving || strategy == SearchStrategy::sequential_cap;
}

}  // namespace gradwatt
