#include "analyze/run_comparison.h"

#include "base/expects.h"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace gradwatt {
namespace {

/// The goal as a threshold, best of all sides. A goal that no run has the metric of is missed by
/// all.
std::optional<GoalLine> shared_line(std::span<const SideRuns> sides, const Goal& goal) {
  std::optional<GoalLine> best;
  for (const SideRuns& side : sides) {
    const auto line = goal_line(goal, side.runs);
    const bool better =
        line && (!best || (goal.smaller_is_better ? line->threshold < best->threshold
                                                  : line->threshold > best->threshold));
    if (better) {
      best = line;
    }
  }
  if (!best && goal.reach) {
    best = GoalLine{goal.metric, *goal.reach, goal.smaller_is_better};
  }
  return best;
}

ComparedSide shown_side(const SideRuns& side, const std::optional<GoalLine>& line) {
  ComparedSide shown;
  shown.name = side.name;
  for (const RunRow& run : side.runs) {
    shown.failed += run.outcome == RunOutcome::failed ? 1 : 0;
    shown.unfinished += run.outcome == RunOutcome::unfinished ? 1 : 0;
    if (run.outcome == RunOutcome::finished) {
      shown.runs.push_back(run.run);
      shown.reached += has_reached(run, line) == true ? 1 : 0;
      shown.estimated = shown.estimated || run.estimated;
    }
  }
  return shown;
}

/// An id of the store sorts by when its run began; ids of tables may be anything.
bool tells_time(const std::string& id) {
  constexpr std::size_t kUlidLength = 26;
  return id.size() == kUlidLength && std::all_of(id.begin(), id.end(), [](unsigned char c) {
           return std::isdigit(c) != 0 || std::isupper(c) != 0;
         });
}

std::optional<bool> measured_apart(const ComparedSide& of, const ComparedSide& against) {
  const auto times_known = [](const ComparedSide& side) {
    return side.runs.size() > 1 && std::all_of(side.runs.begin(), side.runs.end(), tells_time);
  };
  if (!times_known(of) || !times_known(against)) {
    return std::nullopt;
  }
  const auto [of_first, of_last] = std::minmax_element(of.runs.begin(), of.runs.end());
  const auto [first, last] = std::minmax_element(against.runs.begin(), against.runs.end());
  return *of_last < *first || *last < *of_first;
}

/// The blocks of a pair; one of all runs when the sides share no setting.
std::vector<RunBlock> shared_blocks(std::span<const SideRuns> sides,
                                    PairComparison& pair,
                                    const BlockKey& key) {
  std::vector<RunBlock> blocks = blocks_of(sides[pair.side], sides[0], key);
  const auto both = [](const RunBlock& block) {
    return !block.of.empty() && !block.against.empty();
  };
  pair.blocks = static_cast<int>(std::count_if(blocks.begin(), blocks.end(), both));
  pair.blocks_apart = static_cast<int>(blocks.size()) - pair.blocks;
  if (pair.blocks == 0) {
    pair.nothing_equal = true;
    blocks = blocks_of(sides[pair.side], sides[0], {});
    pair.blocks = 1;
  }
  return blocks;
}

std::optional<FactorSplit> split_in(const PairComparison& pair) {
  const SideContrast* whole = pair.find(RunQuantity::energy_to_goal);
  const SideContrast* epoch_energy = pair.find(RunQuantity::energy_per_epoch);
  const SideContrast* epochs = pair.find(RunQuantity::epochs_to_goal);
  if (whole == nullptr || epoch_energy == nullptr || epochs == nullptr) {
    return std::nullopt;
  }
  return split_into(std::exp(whole->difference.value),
                    ratio_from(epoch_energy->difference),
                    ratio_from(epochs->difference));
}

/// The contrasts of all pairs that are about the same thing.
template <typename Contrasts, typename IsIt>
std::vector<SideContrast*> family_of(std::vector<PairComparison>& pairs,
                                     Contrasts PairComparison::*where,
                                     const IsIt& is_it) {
  std::vector<SideContrast*> family;
  for (PairComparison& pair : pairs) {
    for (auto& one : pair.*where) {
      if (is_it(one)) {
        family.push_back(&one.contrast);
      }
    }
  }
  return family;
}

/// Judges each quantity and metric over all pairs: they are one family.
void judge_families(std::vector<PairComparison>& pairs, const ComparisonPlan& plan) {
  for (const RunQuantity quantity : kRunQuantities) {
    judge(family_of(pairs,
                    &PairComparison::quantities,
                    [&](const QuantityContrast& one) { return one.quantity == quantity; }),
          std::log1p(plan.band));
  }
  for (const MetricChoice& metric : plan.metrics) {
    judge(family_of(pairs,
                    &PairComparison::metrics,
                    [&](const MetricContrast& one) { return one.metric.name == metric.name; }),
          plan.accuracy_band);
  }
}

MetricContrast guarded(const MetricChoice& metric, SideContrast contrast, double band) {
  MetricContrast guard{metric, std::move(contrast)};
  const double sign = metric.smaller_is_better ? 1 : -1;
  guard.worse_by = sign * guard.contrast.difference.value;
  guard.beyond_band = guard.worse_by > band;
  if (const auto interval = interval_of(guard.contrast.difference)) {
    guard.within_shown = std::max(sign * interval->lo, sign * interval->hi) <= band;
  }
  return guard;
}

}  // namespace

const SideContrast* PairComparison::find(RunQuantity quantity) const {
  const auto found = std::find_if(quantities.begin(), quantities.end(), [&](const auto& one) {
    return one.quantity == quantity;
  });
  return found == quantities.end() ? nullptr : &found->contrast;
}

const MetricContrast* PairComparison::find(const std::string& metric) const {
  const auto found = std::find_if(
      metrics.begin(), metrics.end(), [&](const auto& one) { return one.metric.name == metric; });
  return found == metrics.end() ? nullptr : &*found;
}

RunComparison compare_sides(std::span<const SideRuns> sides, const ComparisonPlan& plan) {
  expects(sides.size() > 1, "at least two sides");
  RunComparison comparison;
  if (plan.goal) {
    comparison.line = shared_line(sides, *plan.goal);
  }
  for (const SideRuns& side : sides) {
    comparison.sides.push_back(shown_side(side, comparison.line));
  }
  comparison.block_factors = block_factors(sides);
  const BlockKey key{comparison.block_factors, plan.paired};
  for (std::size_t side = 1; side < sides.size(); ++side) {
    PairComparison pair;
    pair.side = side;
    const std::vector<RunBlock> blocks = shared_blocks(sides, pair, key);
    for (const RunQuantity quantity : kRunQuantities) {
      if (auto contrast = contrast_of(blocks, quantity, comparison.line)) {
        pair.quantities.push_back({quantity, std::move(*contrast)});
      }
    }
    for (const MetricChoice& metric : plan.metrics) {
      if (auto contrast = contrast_of(blocks, metric)) {
        pair.metrics.push_back(guarded(metric, std::move(*contrast), plan.accuracy_band));
      }
    }
    pair.split = split_in(pair);
    pair.measured_apart = measured_apart(comparison.sides[side], comparison.sides[0]);
    comparison.pairs.push_back(std::move(pair));
  }
  judge_families(comparison.pairs, plan);
  return comparison;
}

const QuantityContrast* headline_of(const PairComparison& pair) {
  for (const RunQuantity quantity :
       {RunQuantity::energy_to_goal, RunQuantity::energy_per_epoch, RunQuantity::energy_total}) {
    for (const QuantityContrast& one : pair.quantities) {
      if (one.quantity == quantity) {
        return &one;
      }
    }
  }
  return nullptr;
}

}  // namespace gradwatt
