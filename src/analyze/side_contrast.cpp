#include "analyze/side_contrast.h"

#include "analyze/block_difference.h"
#include "analyze/energy_to_goal.h"
#include "analyze/equivalence.h"
#include "analyze/holm.h"
#include "analyze/repeats_needed.h"
#include "analyze/setup_comparison.h"
#include "analyze/statistics.h"
#include "base/expects.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace gradwatt {
namespace {

using Runs = std::vector<const RunRow*>;
/// The numbers of the runs of one side in one block.
using NumbersOf = std::function<std::vector<double>(const Runs&)>;

SideContrast summed_up(const std::vector<SideBlock>& blocks) {
  SideContrast contrast;
  contrast.blocks = static_cast<int>(blocks.size());
  std::vector<double> of;
  std::vector<double> against;
  for (const SideBlock& block : blocks) {
    of.push_back(spread_of(block.a).mean);
    against.push_back(spread_of(block.b).mean);
    contrast.n_of += static_cast<int>(block.a.size());
    contrast.n_against += static_cast<int>(block.b.size());
  }
  contrast.of = spread_of(of).mean;
  contrast.against = spread_of(against).mean;
  contrast.difference = block_difference(blocks);
  if (blocks.size() > 1) {
    const auto differences = differences_of(blocks);
    const auto [least, largest] = std::minmax_element(differences.begin(), differences.end());
    contrast.of_block = Interval{*least, *largest};
  }
  return contrast;
}

std::optional<SideContrast> contrast_by(std::span<const RunBlock> blocks,
                                        const NumbersOf& numbers_of) {
  std::vector<SideBlock> both;
  int lost = 0;
  for (const RunBlock& block : blocks) {
    SideBlock numbers{numbers_of(block.of), numbers_of(block.against)};
    if (!numbers.a.empty() && !numbers.b.empty()) {
      both.push_back(std::move(numbers));
    } else if (!block.of.empty() && !block.against.empty()) {
      ++lost;
    }
  }
  if (both.empty()) {
    return std::nullopt;
  }
  SideContrast contrast = summed_up(both);
  contrast.blocks_lost = lost;
  const bool single = contrast.difference.parts.empty() &&
                      (contrast.n_of == contrast.blocks || contrast.n_against == contrast.blocks);
  contrast.finding =
      single && contrast.blocks == 1 ? ContrastFinding::looked_once : ContrastFinding::no_scatter;
  return contrast;
}

bool has_missed(const RunRow* run, const std::optional<GoalLine>& line) {
  return has_reached(*run, line) == false;
}

/// What a missed try costs, in the unit of `quantity`; nullopt for epochs, which only count tries
/// that reach the goal.
std::optional<RunQuantity> cost_of_missing(RunQuantity quantity) {
  return quantity == RunQuantity::energy_to_goal ? std::optional(RunQuantity::energy_total)
         : quantity == RunQuantity::time_to_goal ? std::optional(RunQuantity::time_total)
                                                 : std::nullopt;
}

/// The logarithm of what to expect, as the side's one number; none when it cannot be known.
std::vector<double> expected_log(const Runs& runs,
                                 RunQuantity quantity,
                                 const std::optional<GoalLine>& line) {
  std::vector<double> reached;
  std::vector<double> missed;
  for (const RunRow* run : runs) {
    const bool misses = has_missed(run, line);
    const auto value = value_of(*run, misses ? *cost_of_missing(quantity) : quantity, line);
    if (!value) {
      return {};
    }
    (misses ? missed : reached).push_back(*value);
  }
  return reached.empty() ? std::vector<double>()
                         : std::vector{std::log(expected_energy(reached, missed))};
}

ContrastFinding found(const SideContrast& contrast) {
  if (contrast.p_equivalent && *contrast.p_equivalent < kSignificant) {
    return ContrastFinding::no_difference;
  }
  if (contrast.p && *contrast.p < kSignificant) {
    return contrast.difference.value < 0 ? ContrastFinding::less : ContrastFinding::more;
  }
  return ContrastFinding::not_settled;
}

}  // namespace

const char* name_of(ContrastFinding finding) {
  switch (finding) {
    case ContrastFinding::less:
      return "less";
    case ContrastFinding::more:
      return "more";
    case ContrastFinding::no_difference:
      return "no_difference";
    case ContrastFinding::not_settled:
      return "not_settled";
    case ContrastFinding::looked_once:
      return "looked_once";
    case ContrastFinding::no_scatter:
      return "no_scatter";
    case ContrastFinding::partly_reached:
      return "partly_reached";
  }
  expects(false, "a known finding");
  return "";
}

std::optional<SideContrast> contrast_of(std::span<const RunBlock> blocks,
                                        RunQuantity quantity,
                                        const std::optional<GoalLine>& line) {
  const auto any_missed = [&](const Runs& runs) {
    return std::any_of(
        runs.begin(), runs.end(), [&](const RunRow* run) { return has_missed(run, line); });
  };
  const bool expected =
      cost_of_missing(quantity) && std::any_of(blocks.begin(), blocks.end(), [&](const auto& b) {
        return any_missed(b.of) || any_missed(b.against);
      });
  auto contrast = contrast_by(blocks, [&](const Runs& runs) {
    if (expected) {
      return expected_log(runs, quantity, line);
    }
    std::vector<double> logs;
    for (const RunRow* run : runs) {
      if (const auto value = value_of(*run, quantity, line)) {
        logs.push_back(std::log(*value));
      }
    }
    return logs;
  });
  if (contrast) {
    contrast->of = std::exp(contrast->of);
    contrast->against = std::exp(contrast->against);
    if (expected) {
      contrast->difference.parts.clear();
      contrast->finding = ContrastFinding::partly_reached;
    }
  }
  return contrast;
}

std::optional<SideContrast> contrast_of(std::span<const RunBlock> blocks,
                                        const MetricChoice& metric) {
  return contrast_by(blocks, [&](const Runs& runs) {
    std::vector<double> values;
    for (const RunRow* run : runs) {
      if (const auto value = metric_in(*run, metric)) {
        values.push_back(*value);
      }
    }
    return values;
  });
}

void judge(std::span<SideContrast* const> family, double band) {
  std::vector<SideContrast*> known;
  std::vector<double> apart;
  std::vector<double> equivalent;
  for (SideContrast* contrast : family) {
    if (const auto p = p_apart(contrast->difference)) {
      known.push_back(contrast);
      apart.push_back(*p);
      equivalent.push_back(*equivalence_p(contrast->difference, band));
    }
  }
  const std::vector<double> p = holm_adjusted(apart);
  const std::vector<double> p_equivalent = holm_adjusted(equivalent);
  for (std::size_t i = 0; i < known.size(); ++i) {
    SideContrast& contrast = *known[i];
    contrast.p = p[i];
    contrast.p_equivalent = p_equivalent[i];
    contrast.finding = found(contrast);
    if (contrast.finding == ContrastFinding::not_settled) {
      const double seen = std::abs(contrast.difference.value);
      contrast.more_for_band = more_repeats(contrast.difference, band);
      if (seen > band) {
        contrast.more_for_size = more_repeats(contrast.difference, seen);
      }
    }
  }
}

}  // namespace gradwatt
