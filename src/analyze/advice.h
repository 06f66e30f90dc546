#pragma once

#include "analyze/axis_drivers.h"
#include "analyze/setup_comparison.h"
#include "analyze/suspicious_setups.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gradwatt {

/// Share of the cost, or for UseValue of its quantity, that a change avoids.
struct Saving {
  double value = 0;
  std::optional<Interval> interval;  ///< Absent with one run a side.
};

/// Train with this setup instead of that one.
struct UseSetup {
  std::size_t setup = 0;
  std::size_t instead_of = 0;
};

/// Stay with this setup: it is the user's own and the best.
struct KeepSetup {
  std::size_t setup = 0;
  std::size_t worst = 0;  ///< What it was compared with, for information: nobody would save that.
};

/// Set one axis to this value, whatever the others are: it makes epochs cheaper, or fewer.
struct UseValue {
  Quantity quantity = Quantity::cost_per_epoch;
  std::size_t axis = 0;
  std::size_t value = 0;
  std::size_t instead_of = 0;
  int setups = 0;  ///< Settings of the other axes that were compared.
};

/// Try a batch size that was not tested: by batch_model.h it is cheaper than all that were.
struct TryBatch {
  std::size_t axis = 0;
  double batch = 0;
  double critical = 0;    ///< B_crit
  double half_batch = 0;  ///< B_half
};

/// Stop when the metric no longer gets better: this share of a run came after it was nearly as
/// good as it ever got (wasted_tail.h).
struct StopEarlier {
  std::size_t setup = 0;
};

/// Evaluate and save less often, or start faster: this share of a run was not training.
struct CutOverhead {
  std::size_t setup = 0;
};

/// Feed the training faster: this share of the time of its epochs it waited for data.
struct FeedFaster {
  std::size_t setup = 0;
};

/// Keep the devices busy: this share of the energy of a run they used while they did nothing.
struct KeepBusy {
  std::size_t setup = 0;
};

/// Leave these setups out of the next sweep: shown to cost more and no more accurate, or never at
/// the goal in two runs or more.
struct DropSetups {
  std::vector<std::size_t> setups;
};

/// This number does not fit its table: measure the setup again before believing it.
struct CheckNumber {
  SuspiciousSetup suspicious;
};

/// Run these setups again, so that the choice rests on runs that it was not made from.
struct RunAgain {
  std::vector<std::size_t> setups;
  int fresh_runs = 0;  ///< Of each, to be made.
  FreshCount so_far;   ///< Those that there are and do not settle it.
};

/// Best and worst hardly differ: choose by accuracy or time.
struct KeepAny {
  double saving_max = 0;
};

struct Advice {
  std::variant<UseSetup,
               KeepSetup,
               UseValue,
               TryBatch,
               StopEarlier,
               CutOverhead,
               FeedFaster,
               KeepBusy,
               DropSetups,
               CheckNumber,
               RunAgain,
               KeepAny>
      what;
  std::optional<Saving> saving;
  Evidence evidence = Evidence::d;
  std::vector<std::string> runs;  ///< Ids of the runs behind it.
  /// What it avoids in each training, or for DropSetups in the next sweep, in the unit of
  /// Grid::minimise. Absent: not known.
  std::optional<double> saved;
  /// Energy that following or confirming it takes. Absent: none, or not known.
  std::optional<double> cost_j;
  /// Change of Grid::metric that comes with it; absent: not known, or it changes nothing.
  std::optional<double> metric_change;
};

/// Machine name of a piece of advice: "use-setup", "keep-setup", "cheaper-epochs", "fewer-epochs",
/// "cheaper-runs", "try-batch", "stop-earlier", "cut-overhead", "feed-faster", "keep-busy",
/// "drop-setups", "check-number", "run-again" or "nothing-to-gain".
[[nodiscard]] const char* rule_of(const Advice& advice);

struct Recommendation;

/// What to do: at most five pieces. Those that save come first, in the order of
///
///   what it saves * weight of its evidence     A 1, B 0.7, C 0.4, D 0.1
///
/// then what has to be measured again. That the user's setup is the best, or that there is nothing
/// to gain, comes before all.
[[nodiscard]] std::vector<Advice> advice_for(const Grid& grid,
                                             const Recommendation& recommendation);

}  // namespace gradwatt
