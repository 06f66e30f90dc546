#pragma once

#include "analyze/factor_split.h"
#include "analyze/grid.h"
#include "analyze/welch_ratio.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// How well a sentence is supported; docs/analysis.md has the rules. Of a comparison the sentence
/// is that the first setup costs less: where the runs show that it costs more, the level is d.
///   a  at least three repeats a side, Holm's correction, and confirmed by fresh runs
///   b  at least two repeats a side and an interval that excludes "no difference" after Holm's
///      correction; the choice was not confirmed by fresh runs
///   c  from a model or a short window
///   d  single runs, or no difference shown
enum class Evidence { a, b, c, d };

/// A smaller probability of so large a difference by chance counts as a difference shown.
inline constexpr double kSignificant = 0.05;

[[nodiscard]] char letter_of(Evidence evidence);

/// Of what a recommendation makes the cost small: that of reaching the goal, else of an epoch, and
/// where no epochs are told of a whole run.
enum class Objective { to_goal, per_epoch, per_run };

/// "energy_to_goal", "time_per_epoch", "edp_per_run".
[[nodiscard]] std::string name_of(Objective objective, Minimise minimise);

/// A setup's number for the objective; nullopt when it has none, so that it cannot be compared.
[[nodiscard]] const std::optional<Estimate>& objective_of(const SetupResult& setup,
                                                          Objective objective);

/// Numbers of single runs, where the objective is their geometric mean. Empty where it is not, as
/// for an expected cost with missed repeats.
[[nodiscard]] std::span<const double> numbers_of(const SetupResult& setup, Objective objective);

/// How far the fresh runs of two setups go.
struct FreshCount {
  int made = 0;             ///< Of the setup that has fewer.
  std::optional<int> more;  ///< Of each, until it is settled. Absent: it is, or that is not known.
  /// So many more show a ratio that is this far from 1 in four of five cases (repeats_needed.h). 0:
  /// they only make up what level A takes.
  double to_show = 0;
};

/// One setup against another.
struct SetupComparison {
  std::size_t setup = 0;  ///< Indices in Grid::setups.
  std::size_t against = 0;
  Ratio ratio;  ///< Objective of `setup` over that of `against`.
  std::optional<double> p_holm;
  Evidence evidence = Evidence::d;
  std::optional<FactorSplit> split;  ///< For energy to the goal only.
  /// From runs that were made after the choice alone: no luck of the choice is in it.
  bool is_fresh = false;
  FreshCount fresh = {};               ///< Of fresh runs only.
  double against_cost = 0;             ///< Objective of `against` in the same runs.
  std::vector<std::string> runs = {};  ///< Ids of the runs of both.

  [[nodiscard]] double saving() const { return 1 - ratio.value; }
  [[nodiscard]] std::optional<Interval> saving_interval() const;
  /// Whether the whole interval is above 1: `setup` costs more.
  [[nodiscard]] bool is_shown_dearer() const { return ratio.interval && ratio.interval->lo > 1; }
};

/// One setup against each of `others`. The comparisons are a family: their probabilities are
/// corrected together, because the one that is quoted was picked after looking.
/// Takes  setups that have the objective.
[[nodiscard]] std::vector<SetupComparison> compare_with_all(const Grid& grid,
                                                            Objective objective,
                                                            std::size_t setup,
                                                            std::span<const std::size_t> others);

}  // namespace gradwatt
