#include "analyze/advice.h"

#include "analyze/recommendation.h"

#include <algorithm>

namespace gradwatt {
namespace {

constexpr std::size_t kAdviceMax = 5;
constexpr double kEffectMin = 0.05;
constexpr int kFreshRuns = 2;

std::vector<std::string> runs_of(const Grid& grid, const std::vector<std::size_t>& setups) {
  std::vector<std::string> runs;
  for (const std::size_t setup : setups) {
    const auto& more = grid.setups[setup].runs;
    runs.insert(runs.end(), more.begin(), more.end());
  }
  return runs;
}

/// Whether every setup that finished did so at least twice: only then are intervals given.
bool has_repeats(const Grid& grid) {
  return std::all_of(grid.setups.begin(), grid.setups.end(), [](const SetupResult& setup) {
    return setup.finished != 1;
  });
}

/// The setup that the best one is held against: the user's, else the worst.
const SetupComparison& reference_of(const Recommendation& recommendation) {
  return recommendation.against_default ? *recommendation.against_default
                                        : *recommendation.against_worst;
}

Advice use_best(const Grid& grid, const Recommendation& recommendation) {
  const SetupComparison& comparison = reference_of(recommendation);
  return {UseSetup{comparison.setup, comparison.against},
          Saving{comparison.saving(), comparison.saving_interval()},
          comparison.evidence,
          runs_of(grid, {comparison.setup, comparison.against})};
}

/// The axis that drives a quantity, set as the best setup has it instead of as the reference has.
std::optional<Advice> use_value(const Grid& grid,
                                const Recommendation& recommendation,
                                Quantity quantity) {
  const auto axis =
      main_driver(quantity == Quantity::energy_per_epoch ? recommendation.epoch_energy_shares
                                                         : recommendation.epochs_shares);
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
  Saving saving{1 - effect->ratio.value, std::nullopt};
  Evidence evidence = Evidence::d;
  if (has_repeats(grid) && effect->ratio.interval) {
    saving.interval = Interval{1 - effect->ratio.interval->hi, 1 - effect->ratio.interval->lo};
    evidence = *effect->ratio.p_value < kSignificant ? Evidence::b : Evidence::d;
  }
  return Advice{
      UseValue{quantity, *axis, value, against, effect->setups}, saving, evidence, effect->runs};
}

/// Fresh runs of the best setup and of what it is held against.
Advice run_again(const Grid& grid, const Recommendation& recommendation) {
  RunAgain again{{*recommendation.best, reference_of(recommendation).against}, kFreshRuns, 0.0};
  for (const std::size_t setup : again.setups) {
    const auto& spent = grid.setups[setup].energy_spent_j;
    if (again.cost_j && spent) {
      *again.cost_j += kFreshRuns * *spent;
    } else {
      again.cost_j.reset();
    }
  }
  auto runs = runs_of(grid, again.setups);
  return {std::move(again), std::nullopt, Evidence::d, std::move(runs)};
}

}  // namespace

const char* rule_of(const Advice& advice) {
  struct Names {
    const char* operator()(const UseSetup& /*unused*/) const { return "use-setup"; }
    const char* operator()(const UseValue& use) const {
      return use.quantity == Quantity::energy_per_epoch ? "cheaper-epochs" : "fewer-epochs";
    }
    const char* operator()(const CheckNumber& /*unused*/) const { return "check-number"; }
    const char* operator()(const RunAgain& /*unused*/) const { return "run-again"; }
    const char* operator()(const KeepAny& /*unused*/) const { return "nothing-to-gain"; }
  };
  return std::visit(Names{}, advice.what);
}

std::vector<Advice> advice_for(const Grid& grid, const Recommendation& recommendation) {
  std::vector<Advice> advice;
  if (recommendation.verdict == Verdict::nothing_to_gain) {
    const SetupComparison& comparison = *recommendation.against_worst;
    advice.push_back({KeepAny{comparison.saving()},
                      Saving{comparison.saving(), comparison.saving_interval()},
                      comparison.evidence,
                      runs_of(grid, {comparison.setup, comparison.against})});
  }
  if (recommendation.verdict == Verdict::use_best) {
    if (!is_default_tied(recommendation)) {
      advice.push_back(use_best(grid, recommendation));
    }
    for (const Quantity quantity : {Quantity::energy_per_epoch, Quantity::epochs_to_goal}) {
      auto one = is_default_tied(recommendation) ? std::nullopt
                                                 : use_value(grid, recommendation, quantity);
      if (one) {
        advice.push_back(std::move(*one));
      }
    }
    advice.push_back(run_again(grid, recommendation));
  }
  for (const SuspiciousSetup& suspicious : recommendation.suspicious) {
    if (advice.size() < kAdviceMax) {
      advice.push_back(
          {CheckNumber{suspicious}, std::nullopt, Evidence::d, runs_of(grid, {suspicious.setup})});
    }
  }
  return advice;
}

}  // namespace gradwatt
