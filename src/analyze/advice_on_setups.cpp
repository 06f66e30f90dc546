#include "analyze/advice_rules.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

constexpr double kEffectMin = 0.05;
constexpr double kMetricBand = 0.01;  ///< One percentage point of an accuracy.
constexpr int kMissesMin = 2;

double objective_value(const Grid& grid, const Recommendation& recommendation, std::size_t setup) {
  return objective_of(grid.setups[setup], recommendation.objective)->value;
}

std::optional<double> metric_change(const Grid& grid, std::size_t to, std::size_t from) {
  const auto& a = grid.setups[to].metric;
  const auto& b = grid.setups[from].metric;
  return a && b ? std::optional(*a - *b) : std::nullopt;
}

/// Whether every setup that finished did so at least twice: only then are intervals given.
bool has_repeats(const Grid& grid) {
  return std::all_of(grid.setups.begin(), grid.setups.end(), [](const SetupResult& setup) {
    return setup.finished != 1;
  });
}

Advice use_best(const Grid& grid, const Recommendation& recommendation) {
  const SetupComparison& comparison = reference_of(recommendation);
  Advice advice;
  advice.what = UseSetup{comparison.setup, comparison.against};
  advice.saving = Saving{comparison.saving(), comparison.saving_interval()};
  advice.evidence = comparison.evidence;
  advice.runs = comparison.runs;
  advice.saved = comparison.saving() * comparison.against_cost;
  advice.metric_change = metric_change(grid, comparison.setup, comparison.against);
  return advice;
}

/// What a change of one quantity alone saves of the reference's cost, the other one kept.
std::optional<double> saved_by(const SetupResult& reference, Quantity quantity, double share) {
  if (quantity == Quantity::cost_per_run) {
    return reference.cost_per_run ? std::optional(share * reference.cost_per_run->value)
                                  : std::nullopt;
  }
  if (!reference.cost_per_epoch) {
    return std::nullopt;
  }
  const double epochs = reference.epochs_needed ? reference.epochs_needed->value : 1;
  return share * reference.cost_per_epoch->value * epochs;
}

/// The axis that drives a quantity, set as the best setup has it instead of as the reference has.
std::optional<Advice> use_value(const Grid& grid,
                                const Recommendation& recommendation,
                                Quantity quantity) {
  const auto axis = main_driver(quantity == Quantity::epochs_to_goal ? recommendation.epochs_shares
                                                                     : recommendation.cost_shares);
  if (!axis) {
    return std::nullopt;
  }
  const SetupComparison& comparison = reference_of(recommendation);
  const std::size_t value = grid.setups[comparison.setup].place[*axis];
  const std::size_t against = grid.setups[comparison.against].place[*axis];
  const auto effect =
      value == against ? std::nullopt : axis_effect(grid, quantity, *axis, value, against);
  if (!effect || effect->ratio.value > 1 - kEffectMin) {
    return std::nullopt;
  }
  Advice advice;
  advice.what = UseValue{quantity, *axis, value, against, effect->setups};
  advice.saving = Saving{1 - effect->ratio.value, std::nullopt};
  if (has_repeats(grid) && effect->ratio.interval) {
    advice.saving->interval =
        Interval{1 - effect->ratio.interval->hi, 1 - effect->ratio.interval->lo};
    advice.evidence = *effect->ratio.p_value < kSignificant ? Evidence::b : Evidence::d;
  }
  advice.runs = effect->runs;
  advice.saved = saved_by(grid.setups[comparison.against], quantity, advice.saving->value);
  advice.metric_change = effect->metric_change;
  return advice;
}

/// The power of two nearest to the cheapest batch size, if no tested one is as near and the model
/// says that it beats the best.
std::optional<Advice> try_batch(const Grid& grid, const Recommendation& recommendation) {
  if (!recommendation.batch || !recommendation.batch->cheapest ||
      recommendation.objective != Objective::to_goal) {
    return std::nullopt;
  }
  const BatchModel& model = *recommendation.batch;
  const double batch = std::exp2(std::round(std::log2(*model.cheapest)));
  const bool is_tested = std::any_of(model.tested.begin(), model.tested.end(), [&](double tested) {
    return std::abs(std::log2(tested / batch)) < 0.5;
  });
  double least = model.cost_at(model.tested.front());
  for (const double tested : model.tested) {
    least = std::min(least, model.cost_at(tested));
  }
  const double share = 1 - model.cost_at(batch) / least;
  if (is_tested || share < kEffectMin) {
    return std::nullopt;
  }
  Advice advice;
  advice.what = TryBatch{model.axis, batch, *model.epochs->critical, model.cost.half_batch};
  advice.saving = Saving{share, std::nullopt};
  advice.evidence = Evidence::c;
  for (const SetupResult& setup : grid.setups) {
    advice.runs.insert(advice.runs.end(), setup.runs.begin(), setup.runs.end());
  }
  advice.saved = share * objective_value(grid, recommendation, *recommendation.best);
  advice.cost_j = grid.setups[*recommendation.best].energy_spent_j;
  return advice;
}

bool is_no_better(const Grid& grid, std::size_t setup, std::size_t best) {
  const auto change = metric_change(grid, setup, best);
  const double sign = grid.smaller_is_better ? -1 : 1;
  return grid.goal || (change && sign * *change < kMetricBand);
}

std::optional<Advice> drop_setups(const Grid& grid, const Recommendation& recommendation) {
  DropSetups drop;
  double saved_j = 0;
  for (std::size_t setup = 0; setup < grid.setups.size(); ++setup) {
    const SetupResult& result = grid.setups[setup];
    const bool never = grid.goal && result.reached == 0 && result.finished >= kMissesMin;
    const auto shown = std::find_if(recommendation.comparisons.begin(),
                                    recommendation.comparisons.end(),
                                    [&](const SetupComparison& c) { return c.against == setup; });
    const bool dearer = shown != recommendation.comparisons.end() &&
                        shown->evidence < Evidence::c && shown->saving() >= kEffectMin &&
                        is_no_better(grid, setup, *recommendation.best);
    if ((never || dearer) && setup != recommendation.default_setup) {
      drop.setups.push_back(setup);
      saved_j += result.finished * result.energy_spent_j.value_or(0);
    }
  }
  if (drop.setups.empty() || grid.minimise != Minimise::energy) {
    return std::nullopt;
  }
  Advice advice;
  advice.runs = runs_of(grid, drop.setups);
  advice.what = std::move(drop);
  advice.evidence = Evidence::b;
  advice.saved = saved_j > 0 ? std::optional(saved_j) : std::nullopt;
  return advice;
}

}  // namespace

std::vector<std::string> runs_of(const Grid& grid, const std::vector<std::size_t>& setups) {
  std::vector<std::string> runs;
  for (const std::size_t setup : setups) {
    const auto& more = grid.setups[setup].runs;
    runs.insert(runs.end(), more.begin(), more.end());
  }
  return runs;
}

const SetupComparison& reference_of(const Recommendation& recommendation) {
  return recommendation.against_default ? *recommendation.against_default
                                        : *recommendation.against_worst;
}

std::vector<Advice> advice_on_setups(const Grid& grid, const Recommendation& recommendation) {
  std::vector<Advice> advice;
  const bool is_change = !is_default_best(recommendation) && !is_default_tied(recommendation) &&
                         reference_of(recommendation).saving() > 0;
  if (is_change) {
    advice.push_back(use_best(grid, recommendation));
    const std::optional<double> in_all = advice.front().saved;
    for (const Quantity quantity : {cost_quantity(grid), Quantity::epochs_to_goal}) {
      if (auto one = use_value(grid, recommendation, quantity)) {
        // A part of the change saves no more than all of it.
        one->saved = one->saved && in_all ? std::min(one->saved, in_all) : one->saved;
        advice.push_back(std::move(*one));
      }
    }
  }
  for (auto rule : {try_batch, drop_setups}) {
    if (auto one = rule(grid, recommendation)) {
      advice.push_back(std::move(*one));
    }
  }
  return advice;
}

}  // namespace gradwatt
