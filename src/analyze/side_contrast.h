#pragma once

#include "analyze/compared_sides.h"
#include "analyze/mean_difference.h"
#include "analyze/run_quantity.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// What the numbers of two sides say together.
enum class ContrastFinding {
  less,            ///< Shown to be less: the interval leaves "no difference" out.
  more,            ///< Shown to be more.
  no_difference,   ///< Shown to differ by less than the band (equivalence.h).
  not_settled,     ///< None of these.
  looked_once,     ///< A side has a single number: no interval.
  no_scatter,      ///< Repeats gave equal numbers: no interval either.
  partly_reached,  ///< Repeats missed the goal: expected numbers, without an interval.
};

[[nodiscard]] const char* name_of(ContrastFinding finding);

/// One side against another in one number.
struct SideContrast {
  double of = 0;  ///< Means over blocks: geometric for quantities, plain for metrics.
  double against = 0;
  int n_of = 0;  ///< Runs behind them.
  int n_against = 0;
  int blocks = 1;                      ///< Blocks in which both sides have a number.
  int blocks_lost = 0;                 ///< In which both sides ran, but one has no number.
  MeanDifference difference;           ///< of - against; for quantities, of logarithms.
  std::optional<Interval> of_block;    ///< Least and largest difference of a block, if several.
  std::optional<double> p;             ///< Two-sided, of "no difference", corrected after Holm.
  std::optional<double> p_equivalent;  ///< Of "no difference beyond the band", corrected likewise.
  ContrastFinding finding = ContrastFinding::not_settled;
  std::optional<int> more_for_band;  ///< Repeats (or blocks) that would show a band's difference,
  std::optional<int> more_for_size;  ///< and one as large as was seen, where that is larger.
};

/// A quantity of both sides on logarithms.
///
/// Where repeats missed the goal, energy and time to it are what to expect (energy_to_goal.h).
/// Returns  nullopt when no block has a number on both sides.
/// Example  Sides of 8 and 10 J, one run each: difference ln 0.8, looked_once.
[[nodiscard]] std::optional<SideContrast> contrast_of(std::span<const RunBlock> blocks,
                                                      RunQuantity quantity,
                                                      const std::optional<GoalLine>& line);

/// A metric of both sides, as it is.
[[nodiscard]] std::optional<SideContrast> contrast_of(std::span<const RunBlock> blocks,
                                                      const MetricChoice& metric);

/// Corrects the probabilities of a family of contrasts, and says what each has found.
/// Takes  band: the difference that is still none, as a difference of the same kind.
void judge(std::span<SideContrast* const> family, double band);

}  // namespace gradwatt
