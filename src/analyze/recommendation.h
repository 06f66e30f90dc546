#pragma once

#include "analyze/advice.h"
#include "analyze/batch_model.h"
#include "analyze/grid.h"
#include "analyze/pareto_front.h"
#include "analyze/setup_comparison.h"
#include "analyze/suspicious_setups.h"

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

enum class Verdict { use_best, nothing_to_gain, not_enough_data };

/// Why a grid gives no recommendation.
enum class Lack {
  nothing_finished,  ///< All runs failed, or none has ended.
  no_energy,         ///< Runs finished, and their energy is not known.
  nothing_reached,   ///< Runs finished, and none reached the goal.
  one_setup,         ///< Only one setup has a number to compare.
};

[[nodiscard]] const char* name_of(Verdict verdict);
[[nodiscard]] const char* name_of(Lack lack);

/// A setup that the data cannot tell from the best one.
struct TiedSetup {
  std::size_t setup = 0;
  bool by_interval = false;  ///< false: no interval could be had, and it is within 5 %.
};

/// Which setup of a grid to use, and how sure that is. Indices are those of Grid::setups.
struct Recommendation {
  Verdict verdict = Verdict::not_enough_data;
  std::optional<Lack> lack;  ///< Present when there is not enough data.
  Objective objective = Objective::to_goal;
  std::optional<std::size_t> best;
  std::optional<std::size_t> worst;  ///< Of those that reached the goal.
  std::vector<TiedSetup> tied;
  /// Of the best with every other, in the order of the grid's own numbers: the cheapest first.
  std::vector<SetupComparison> comparisons;
  std::optional<SetupComparison> against_worst;
  /// Present where fresh runs show that the grid's own cheapest setup costs more than another one,
  /// which then is the best: that one against the grid's cheapest, by the fresh runs.
  std::optional<SetupComparison> overruled;
  /// Then also: setups that cost less than the best in the grid's runs and were not run afresh.
  std::vector<std::size_t> cheaper_in_grid;
  std::optional<std::size_t> default_setup;        ///< What people use without thinking.
  bool default_named = false;                      ///< false: the first value of each axis.
  std::optional<SetupComparison> against_default;  ///< Absent: it is the best, or has no number.
  Evidence evidence = Evidence::d;   ///< Of the saving against the default, else the worst.
  std::optional<double> regret_max;  ///< regret_bound.h, of the best; absent with `overruled`.
  /// By axis, axis_drivers.h: of the cost of an epoch or, where no epochs are told, of a run.
  std::optional<std::vector<double>> cost_shares;
  std::optional<std::vector<double>> epochs_shares;
  std::vector<SuspiciousSetup> suspicious;
  std::vector<EnergyAndTime> front;  ///< pareto_front.h; empty: energy or time is not known.
  std::optional<BatchModel> batch;
  std::vector<Advice> advice;
};

/// Whether the data cannot tell the default from the best: then there is no reason to change it.
[[nodiscard]] bool is_default_tied(const Recommendation& recommendation);

/// Whether the user's setup is the best one already: there is nothing to change.
[[nodiscard]] bool is_default_best(const Recommendation& recommendation);

/// The setup that needs the least energy to reach the goal, or without a goal the least energy per
/// epoch, with what can be said about it:
///
/// - tied: the 95 % interval of the ratio to the best includes 1; without an interval, within 5 %
///   on either side
/// - nothing to gain: the best saves less than 5 % against the worst
/// - evidence: at most B, because the best was chosen from the runs that describe it. The least of
///   several equal setups looks cheap by luck alone; level A takes fresh runs of the chosen setup.
///
/// Comparisons of setups that were run afresh after the choice are made from those runs alone; with
/// three fresh runs a side and a saving shown they are level A. Where their interval shows that the
/// choice costs more than another one of them, that one is the best instead: a choice from these
/// runs, so at most level B.
///
/// Takes    default_factors: the user's present setup; empty: the first value of each axis. fresh:
///          those runs as a grid of the same axes, goal and minimise; nullptr: there are none.
/// Example  Study 1, Table 2 by energy per epoch: best against worst saves 72.1, 13.9, 43.7 and
///          2.5 %; the last is nothing to gain.
[[nodiscard]] Recommendation recommend(
    const Grid& grid,
    std::span<const std::pair<std::string, std::string>> default_factors,
    const Grid* fresh = nullptr);

}  // namespace gradwatt
