#pragma once

#include "analyze/fit_quality.h"
#include "analyze/log_interval.h"
#include "analyze/scaling_rates.h"

#include <optional>
#include <span>
#include <string>

namespace gradwatt {

/// What a training takes when its devices are busy for a part of the time and wait for each other
/// for the rest, a waiting one drawing w times the power of a busy one:
///
///   E_n / E_1 = samples_n / samples_1 * (1 + w (1 / eps - 1))
///
/// eps is the parallel efficiency (scaling_rates.h): 1 is linear speed-up. Any number of devices
/// can be the reference "1".
///
/// Takes    work: its time, devices and samples; its energy is not looked at.
/// Source   two power states, P_n = P_wait + (P_busy - P_wait) eps, times the time.
/// Example  The same samples at an efficiency of 66.3 % with w = 0.445: 1.226 times the energy
///          (MLPerf Training v4.0, LLaMA on 64 instead of 8 GPUs).
[[nodiscard]] double two_state_energy_j(const ParallelTraining& work,
                                        const ParallelTraining& reference,
                                        double waiting_share);

/// The reference and w of one job's trainings.
struct TwoStateModel {
  ParallelTraining reference;        ///< The one with the fewest devices; of those the longest.
  double waiting_share = 0;          ///< w.
  std::optional<Interval> interval;  ///< 95 %. Absent: one training besides the reference.
  FitQuality quality;                ///< Of energies; the reference's own is exact.
};

/// Fits w by least squares to E_n / E_1 / (samples_n / samples_1) - 1, not below 0.
///
/// Returns  nullopt when it cannot be told: one number of devices, or efficiencies that are all
///          within 5 % of 1, where nobody waits.
/// Example  8 and 64 GPUs: 1687.9 and 318.2 s, 12.08 and 14.81 MJ, as many samples: w = 0.445.
[[nodiscard]] std::optional<TwoStateModel> fit_two_state(std::span<const ParallelTraining> rows);

/// Why fit_two_state has no answer, as the end of a sentence. Takes rows for which it has none.
[[nodiscard]] std::string why_no_two_states(std::span<const ParallelTraining> rows);

}  // namespace gradwatt
