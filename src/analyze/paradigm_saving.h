#pragma once

#include "analyze/table.h"
#include "analyze/welch_ratio.h"

#include <optional>
#include <span>
#include <vector>

namespace gradwatt {

/// What one training took.
struct TrainingCost {
  double energy_j = 0;            ///< All of it, above 0.
  std::optional<double> epochs;   ///< Absent: not known. Above 0.
  std::optional<double> epoch_j;  ///< Energy of a typical epoch, the first apart; epoch_energy.h.
};
/// Returns  nullopt when the run's energy is not known or not above 0.
[[nodiscard]] std::optional<TrainingCost> training_cost(const RunRow& run);

/// Trainings of one kind: for each setup, its repeats; no setup is without one.
using TrainingKind = std::vector<std::vector<TrainingCost>>;

/// How many times the energy of other trainings one training needs, and why.
struct ParadigmSaving {
  Ratio energy;                       ///< E_one / sum E_other. The saving is 1 minus it.
  std::optional<Ratio> to_cheapest;   ///< E_one / min E_other. Absent: there is one other.
  std::size_t cheapest = 0;           ///< Index of the other with the least energy.
  std::optional<Ratio> epochs;        ///< N_one / sum N_other. Absent: a run tells no epochs.
  std::optional<Ratio> epoch_energy;  ///< e_one / e_other.
  /// What is neither: start-up, the first epoch, evaluation. The product of the three is `energy`.
  std::optional<double> rest;
  std::vector<double> energies_j;  ///< Mean of one, then of each other.
  std::size_t setups = 0;
};

/// A training that replaces others: both tasks in one instead of one after the other, or a frozen
/// encoder instead of a free one:
///
///   E_one / (E_1 + E_2 + ...) = (N_one / (N_1 + N_2 + ...)) * (e_one / e_other) * rest
///   e_other = (e_1 N_1 + e_2 N_2 + ...) / (N_1 + N_2 + ...)
///
/// E, N, e: arithmetic means, over repeats and then over setups, as study 1's Tables 3 and 4. The
/// intervals are by the delta method: near the means, the logarithm of a ratio is a sum with one
/// summand per run, whose variance is that of the logarithm. Of one setup, Student's t with
/// Satterthwaite's degrees of freedom; of several, the setups are the sample, each setup's
/// trainings being a pair, with one degree of freedom less than there are setups.
///
/// Takes    kinds with the same setups in the same order; at least one setup and one other.
/// Source   Oehlert, A note on the delta method, The American Statistician 46(1):27, 1992.
/// Example  Study 1, Table 4, CUDA: 1 - 3.19 / (8.27 + 3.37) = 72.6 %, by epochs (142 / 518, which
///          is 0.274) and not by energy per epoch (0.999). Table 3: 1 - 1.64 / 4.26 = 61.5 %.
[[nodiscard]] ParadigmSaving paradigm_saving(const TrainingKind& one,
                                             std::span<const TrainingKind> others);

}  // namespace gradwatt
