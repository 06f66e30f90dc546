#include "analyze/recommendation.h"

#include "analyze/fresh_runs.h"
#include "analyze/regret_bound.h"
#include "base/expects.h"

#include <algorithm>
#include <iterator>

namespace gradwatt {
namespace {

constexpr double kTieBand = 0.05;
constexpr double kGainMin = 0.05;

/// Setups that have the objective, cheapest first; ties keep the grid's order.
std::vector<std::size_t> ranked(const Grid& grid, Objective objective) {
  std::vector<std::size_t> order;
  for (std::size_t index = 0; index < grid.setups.size(); ++index) {
    if (objective_of(grid.setups[index], objective)) {
      order.push_back(index);
    }
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return objective_of(grid.setups[a], objective)->value <
           objective_of(grid.setups[b], objective)->value;
  });
  return order;
}

Objective objective_for(const Grid& grid) {
  if (grid.goal) {
    return Objective::to_goal;
  }
  return cost_quantity(grid) == Quantity::cost_per_run ? Objective::per_run : Objective::per_epoch;
}

Lack lack_of(const Grid& grid) {
  const auto any = [&](auto holds) {
    return std::any_of(grid.setups.begin(), grid.setups.end(), holds);
  };
  if (!any([](const SetupResult& setup) { return setup.finished > 0; })) {
    return Lack::nothing_finished;
  }
  const bool reached = any([](const SetupResult& setup) { return setup.reached > 0; });
  return grid.goal && !reached ? Lack::nothing_reached : Lack::no_energy;
}

bool is_tied(const SetupComparison& best_to_other) {
  const Ratio& ratio = best_to_other.ratio;
  return ratio.interval ? ratio.interval->lo <= 1 && ratio.interval->hi >= 1
                        : ratio.value >= 1 / (1 + kTieBand) && ratio.value <= 1 + kTieBand;
}

/// A setup against all others of `order`: by fresh runs where there are some.
std::vector<SetupComparison> compared(const Grid& grid,
                                      const Grid* fresh,
                                      Objective objective,
                                      const std::vector<std::size_t>& order,
                                      std::size_t setup) {
  std::vector<std::size_t> others = order;
  std::erase(others, setup);
  auto comparisons = compare_with_all(grid, objective, setup, others);
  if (fresh != nullptr) {
    use_fresh_runs(grid, *fresh, objective, comparisons);
  }
  return comparisons;
}

/// Comparisons of the setup that fresh runs chose instead of the grid's cheapest. The choice was
/// made from these runs: they do not confirm it.
void overrule(std::size_t cheapest,
              std::vector<SetupComparison>& comparisons,
              Recommendation& recommendation) {
  recommendation.best = comparisons.front().setup;
  for (SetupComparison& comparison : comparisons) {
    if (comparison.evidence == Evidence::a) {
      comparison.evidence = Evidence::b;
    }
    if (comparison.against == cheapest) {
      recommendation.overruled = comparison;
    } else if (!comparison.is_fresh && comparison.saving() < 0) {
      recommendation.cheaper_in_grid.push_back(comparison.against);
    }
  }
}

void compare_best(const Grid& grid,
                  const std::vector<std::size_t>& order,
                  const Grid* fresh,
                  Recommendation& recommendation) {
  const Objective objective = recommendation.objective;
  recommendation.best = order.front();
  auto comparisons = compared(grid, fresh, objective, order, order.front());
  if (const auto cheaper = cheaper_in_fresh_runs(comparisons)) {
    comparisons = compared(grid, fresh, objective, order, *cheaper);
    overrule(order.front(), comparisons, recommendation);
  } else {
    recommendation.regret_max =
        regret_bound(grid, objective, order.front(), std::span(order).subspan(1));
  }
  for (const SetupComparison& comparison : comparisons) {
    if (is_tied(comparison)) {
      recommendation.tied.push_back({comparison.against, comparison.ratio.interval.has_value()});
    }
    if (comparison.against == recommendation.default_setup) {
      recommendation.against_default = comparison;
    }
  }
  const auto worst =
      recommendation.overruled
          ? std::max_element(comparisons.begin(),
                             comparisons.end(),
                             [](const auto& a, const auto& b) { return a.saving() < b.saving(); })
          : std::prev(comparisons.end());
  recommendation.against_worst = *worst;
  recommendation.worst = worst->against;
  recommendation.comparisons = std::move(comparisons);
}

}  // namespace

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::use_best:
      return "use_best";
    case Verdict::nothing_to_gain:
      return "nothing_to_gain";
    case Verdict::not_enough_data:
      return "not_enough_data";
  }
  expects(false, "a known verdict");
  return "";
}

const char* name_of(Lack lack) {
  switch (lack) {
    case Lack::nothing_finished:
      return "nothing_finished";
    case Lack::no_energy:
      return "no_energy";
    case Lack::nothing_reached:
      return "nothing_reached";
    case Lack::one_setup:
      return "one_setup";
  }
  expects(false, "a known lack");
  return "";
}

bool is_default_tied(const Recommendation& recommendation) {
  return std::any_of(
      recommendation.tied.begin(), recommendation.tied.end(), [&](const TiedSetup& tied) {
        return tied.setup == recommendation.default_setup;
      });
}

bool is_default_best(const Recommendation& recommendation) {
  return recommendation.best && recommendation.best == recommendation.default_setup;
}

Recommendation recommend(const Grid& grid,
                         std::span<const std::pair<std::string, std::string>> default_factors,
                         const Grid* fresh) {
  Recommendation result;
  result.objective = objective_for(grid);
  result.default_named = !default_factors.empty();
  if (result.default_named) {
    result.default_setup = grid.find(default_factors);
  } else if (const SetupResult* first = grid.at(std::vector<std::size_t>(grid.axes.size(), 0))) {
    result.default_setup = static_cast<std::size_t>(first - grid.setups.data());
  }
  result.cost_shares = driver_shares(grid, cost_quantity(grid));
  result.epochs_shares = driver_shares(grid, Quantity::epochs_to_goal);
  result.suspicious = suspicious_setups(grid);
  result.front = pareto_front(energies_and_times(grid.setups, grid.goal.has_value()));
  result.batch = batch_model(grid);

  const std::vector<std::size_t> order = ranked(grid, result.objective);
  if (order.empty()) {
    result.lack = lack_of(grid);
  } else if (order.size() == 1) {
    result.lack = Lack::one_setup;
    result.best = order.front();
  } else {
    compare_best(grid, order, fresh, result);
    result.verdict =
        result.against_worst->saving() < kGainMin ? Verdict::nothing_to_gain : Verdict::use_best;
    result.evidence =
        (result.against_default ? *result.against_default : *result.against_worst).evidence;
  }
  result.advice = advice_for(grid, result);
  return result;
}

}  // namespace gradwatt
