#include "analyze/advice.h"

#include "analyze/advice_rules.h"
#include "analyze/recommendation.h"

#include <algorithm>

namespace gradwatt {
namespace {

constexpr std::size_t kAdviceMax = 5;
constexpr int kFreshRuns = 3;

double weight_of(Evidence evidence) {
  switch (evidence) {
    case Evidence::a:
      return 1;
    case Evidence::b:
      return 0.7;
    case Evidence::c:
      return 0.4;
    case Evidence::d:
      break;
  }
  return 0.1;
}

/// Fresh runs of the best setup and of the user's, else of the second: as many as are missing.
std::optional<Advice> run_again(const Grid& grid, const Recommendation& recommendation) {
  const SetupComparison& open = recommendation.against_default ? *recommendation.against_default
                                                               : recommendation.comparisons.front();
  RunAgain again{{open.setup, open.against}, kFreshRuns, open.fresh};
  if (open.is_fresh) {
    // More of the runs that a choice was made from cannot confirm it.
    const bool is_shown = recommendation.overruled && open.evidence == Evidence::b;
    if (is_shown || !open.fresh.more) {
      return std::nullopt;
    }
    again.fresh_runs = *open.fresh.more;
  }
  Advice advice;
  advice.cost_j = 0;
  for (const std::size_t setup : again.setups) {
    const auto& spent = grid.setups[setup].energy_spent_j;
    if (advice.cost_j && spent) {
      *advice.cost_j += again.fresh_runs * *spent;
    } else {
      advice.cost_j.reset();
    }
  }
  advice.runs = open.runs;
  advice.what = std::move(again);
  return advice;
}

/// What the best one saves against the worst is no saving of somebody who uses the best already.
Advice keep_setup(const Recommendation& recommendation) {
  Advice advice;
  advice.what = KeepSetup{*recommendation.best, *recommendation.worst};
  advice.runs = recommendation.against_worst->runs;
  return advice;
}

Advice keep_any(const Recommendation& recommendation) {
  const SetupComparison& comparison = *recommendation.against_worst;
  Advice advice;
  advice.what = KeepAny{comparison.saving()};
  advice.saving = Saving{comparison.saving(), comparison.saving_interval()};
  advice.evidence = comparison.evidence;
  advice.runs = comparison.runs;
  return advice;
}

}  // namespace

const char* rule_of(const Advice& advice) {
  struct Names {
    const char* operator()(const UseSetup& /*unused*/) const { return "use-setup"; }
    const char* operator()(const KeepSetup& /*unused*/) const { return "keep-setup"; }
    const char* operator()(const UseValue& use) const {
      return use.quantity == Quantity::cost_per_epoch   ? "cheaper-epochs"
             : use.quantity == Quantity::epochs_to_goal ? "fewer-epochs"
                                                        : "cheaper-runs";
    }
    const char* operator()(const TryBatch& /*unused*/) const { return "try-batch"; }
    const char* operator()(const StopEarlier& /*unused*/) const { return "stop-earlier"; }
    const char* operator()(const CutOverhead& /*unused*/) const { return "cut-overhead"; }
    const char* operator()(const FeedFaster& /*unused*/) const { return "feed-faster"; }
    const char* operator()(const KeepBusy& /*unused*/) const { return "keep-busy"; }
    const char* operator()(const DropSetups& /*unused*/) const { return "drop-setups"; }
    const char* operator()(const CheckNumber& /*unused*/) const { return "check-number"; }
    const char* operator()(const RunAgain& /*unused*/) const { return "run-again"; }
    const char* operator()(const KeepAny& /*unused*/) const { return "nothing-to-gain"; }
  };
  return std::visit(Names{}, advice.what);
}

std::vector<Advice> advice_for(const Grid& grid, const Recommendation& recommendation) {
  std::vector<Advice> advice;
  if (recommendation.verdict == Verdict::use_best) {
    advice = advice_on_setups(grid, recommendation);
  }
  if (recommendation.best) {
    for (Advice& one : advice_on_runs(grid, recommendation)) {
      advice.push_back(std::move(one));
    }
  }
  std::stable_sort(advice.begin(), advice.end(), [](const Advice& a, const Advice& b) {
    return a.saved.value_or(0) * weight_of(a.evidence) >
           b.saved.value_or(0) * weight_of(b.evidence);
  });
  if (recommendation.verdict == Verdict::nothing_to_gain) {
    advice.insert(advice.begin(), keep_any(recommendation));
  }
  std::optional<Advice> again;
  if (recommendation.verdict == Verdict::use_best) {
    if (is_default_best(recommendation)) {
      advice.insert(advice.begin(), keep_setup(recommendation));
    }
    again = run_again(grid, recommendation);
  }
  // What may be luck has its place, however much else there is to say.
  advice.resize(std::min(advice.size(), kAdviceMax - (again ? 1 : 0)));
  if (again) {
    advice.push_back(std::move(*again));
  }
  for (const SuspiciousSetup& suspicious : recommendation.suspicious) {
    if (advice.size() < kAdviceMax) {
      Advice check;
      check.what = CheckNumber{suspicious};
      check.runs = runs_of(grid, {suspicious.setup});
      advice.push_back(std::move(check));
    }
  }
  return advice;
}

}  // namespace gradwatt
