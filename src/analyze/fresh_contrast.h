#pragma once

#include "analyze/goal.h"
#include "analyze/search_curve.h"
#include "analyze/setup_comparison.h"

#include <optional>

namespace gradwatt {

/// What the ratio of fresh runs says: the number itself, or only how large it is at most or least,
/// because runs of one side were stopped before they reached the goal.
enum class RatioSays { value, at_most, at_least };

/// A search's choice against the second to it, from runs that were made after the choice alone.
struct FreshContrast {
  Ratio ratio;  ///< Energy to the goal of the choice over that of the second: geometric means.
  RatioSays says = RatioSays::value;
  /// That the choice needs less: A with three runs a side and that shown, B with two, else D. It is
  /// one comparison, so there is no family to correct for.
  Evidence evidence = Evidence::d;

  /// Whether the whole interval is above 1: the choice needs more.
  [[nodiscard]] bool is_shown_dearer() const { return ratio.interval && ratio.interval->lo > 1; }
};

/// Whether a fresh run was stopped at its cap: it needs more than the joules that it had used.
[[nodiscard]] bool is_capped(const SearchCurve& fresh, const GoalLine& goal);

/// Compares the fresh runs of two setups by Welch's interval on logarithms (welch_ratio.h).
///
/// A run that was stopped at its cap counts with what it had used by then, which is less than it
/// needs; the ratio is then a bound, without an interval.
///
/// Returns  nullopt with fewer than two runs on a side, when runs of both sides were capped, and
///          when one ended without the goal or its energy is not known: no ratio says that.
/// Example  50 and 52 J against 100 and 104 J: 0.5 [0.444, 0.563], evidence B. Against two that
///          were stopped at 75 J: at most 0.68.
[[nodiscard]] std::optional<FreshContrast> fresh_contrast(const SearchCurve& chosen,
                                                          const SearchCurve& second,
                                                          const GoalLine& goal);

}  // namespace gradwatt
