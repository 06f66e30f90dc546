#pragma once

#include "analyze/break_even.h"
#include "analyze/paradigm_totals.h"
#include "analyze/study_sweep.h"

#include <optional>
#include <vector>

namespace gradwatt {

// What study 1 concludes from several sweeps. Each takes pointers because a sweep may not have been
// run; each uses the setups that all its sweeps have, so that failed ones do not tilt a comparison;
// each returns nullopt when none is left.

/// Table 3: training the classifier with the encoder's weights free, and frozen.
struct FreezingResult {
  ParadigmTotal unfrozen;
  ParadigmTotal frozen;

  /// 1 - E_frozen / E_unfrozen. Example  Study 1, CUDA: 1 - 1.64/4.26 = 61.5 %.
  [[nodiscard]] double saving() const { return 1 - frozen.total_j / unfrozen.total_j; }
};
[[nodiscard]] std::optional<FreezingResult> freezing_result(const StudySweep* unfrozen,
                                                            const StudySweep* frozen);

/// Figure 4: pretraining once and reusing the encoder, against training from scratch each time.
struct ReuseResult {
  std::vector<std::size_t> setups;     ///< Indices in the sweeps.
  std::vector<EncoderReuse> energies;  ///< Of those setups.
  EncoderReuse mean;                   ///< Arithmetic means over those setups, no intervals.
  BreakEvenSummary summary;            ///< Its indices point into `setups`.
};
[[nodiscard]] std::optional<ReuseResult> reuse_result(const StudySweep* encoder,
                                                      const StudySweep* joint,
                                                      const StudySweep* classifier);

/// Table 4 and Figure 5: two tasks apart and in one training.
struct TasksResult {
  std::vector<std::size_t> setups;
  ParadigmTotal attributes;
  ParadigmTotal identity;
  ParadigmTotal both;
  MultitaskSplit split;
  int below_sum = 0;     ///< Setups in which both together need less than the two apart.
  int below_single = 0;  ///< Setups in which both together need less than the cheaper one.
};
[[nodiscard]] std::optional<TasksResult> tasks_result(const StudySweep* attributes,
                                                      const StudySweep* identity,
                                                      const StudySweep* both);

/// Figure 3 in two setups: the least and the largest total, and why they differ.
struct TotalRange {
  std::size_t best = 0;
  std::size_t worst = 0;
  double share = 1;         ///< E_best / E_worst.
  double epoch_energy = 1;  ///< e_best / e_worst, and
  double epochs = 1;        ///< N_best / N_worst; with single runs their product is `share`.
};
/// Only setups that reached the sweep's goal when `reached_only`, else all with an energy.
/// Returns  nullopt when fewer than two setups have an energy.
[[nodiscard]] std::optional<TotalRange> total_range(const StudySweep& sweep, bool reached_only);

}  // namespace gradwatt
