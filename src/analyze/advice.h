#pragma once

#include "analyze/axis_drivers.h"
#include "analyze/setup_comparison.h"
#include "analyze/suspicious_setups.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gradwatt {

/// Share of the energy, or for UseValue of its quantity, that a change avoids.
struct Saving {
  double value = 0;
  std::optional<Interval> interval;  ///< Absent with one run a side.
};

/// Train with this setup instead of that one.
struct UseSetup {
  std::size_t setup = 0;
  std::size_t instead_of = 0;
};

/// Set one axis to this value, whatever the others are: it makes epochs cheaper, or fewer.
struct UseValue {
  Quantity quantity = Quantity::energy_per_epoch;
  std::size_t axis = 0;
  std::size_t value = 0;
  std::size_t instead_of = 0;
  int setups = 0;  ///< Settings of the other axes that were compared.
};

/// This number does not fit its table: measure the setup again before believing it.
struct CheckNumber {
  SuspiciousSetup suspicious;
};

/// Run these setups again, so that the choice rests on runs that it was not made from.
struct RunAgain {
  std::vector<std::size_t> setups;
  int fresh_runs = 0;            ///< Of each.
  std::optional<double> cost_j;  ///< What that will take. Absent: a setup's energy is not known.
};

/// Best and worst hardly differ: choose by accuracy or time.
struct KeepAny {
  double saving_max = 0;
};

struct Advice {
  std::variant<UseSetup, UseValue, CheckNumber, RunAgain, KeepAny> what;
  std::optional<Saving> saving;
  Evidence evidence = Evidence::d;
  std::vector<std::string> runs;  ///< Ids of the runs behind it.
};

/// Machine name of a piece of advice: "use-setup", "cheaper-epochs", "fewer-epochs",
/// "check-number", "run-again" or "nothing-to-gain".
[[nodiscard]] const char* rule_of(const Advice& advice);

struct Recommendation;

/// What to do, most useful first: at most five pieces.
[[nodiscard]] std::vector<Advice> advice_for(const Grid& grid,
                                             const Recommendation& recommendation);

}  // namespace gradwatt
