#pragma once

#include "analyze/log_interval.h"
#include "analyze/setup_result.h"

#include <optional>
#include <span>
#include <vector>

namespace gradwatt {

/// Energy and time of a setup, to the goal or, without one, of a run.
struct EnergyAndTime {
  std::size_t setup = 0;  ///< Index in Grid::setups.
  std::vector<double> energies_j;
  std::vector<double> times_s;
  double energy_j = 0;
  double time_s = 0;
};

/// The setups whose energy and time are both known. Takes `has_goal`: of runs that reached it.
[[nodiscard]] std::vector<EnergyAndTime> energies_and_times(std::span<const SetupResult> setups,
                                                            bool has_goal);

/// The choices that remain when energy and time both matter, the least energy first. A setup is out
/// when another needs less of both, and is shown to where repeats give intervals: the 95 % interval
/// of neither ratio includes 1. Energies times times (EDP, ED2P) and any weighted sum are least on
/// this front.
///
/// Example  (energy, time) of (10, 9), (12, 4), (13, 5) and (20, 3): the third needs more of both
///          than the second; the front is the other three.
[[nodiscard]] std::vector<EnergyAndTime> pareto_front(std::vector<EnergyAndTime> setups);

}  // namespace gradwatt
