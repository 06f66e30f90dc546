#pragma once

#include "analyze/grid.h"
#include "analyze/log_interval.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// A setup of one sweep of study 1, over its finished repeats.
struct StudySetup {
  std::vector<std::string> values;  ///< Of each axis, as the sweep file spells them.
  std::vector<std::size_t> place;   ///< Their indices.
  SetupState state = SetupState::not_run;
  int finished = 0;
  int failed = 0;
  /// Energy until the early stop, geometric mean over repeats with its interval.
  std::optional<Estimate> total_j;
  std::vector<double> totals_j;       ///< The same of each repeat.
  std::optional<double> epochs;       ///< Mean number of whole epochs.
  std::optional<double> epoch_j;      ///< Mean energy per epoch, the first one included.
  std::optional<double> best_metric;  ///< Of the goal's metric, in any epoch; mean over repeats.
  /// Equation 1 taken literally over the energy of the same epochs: those that have both. Absent
  /// where there are none.
  std::optional<double> eq1_ratio;
};

/// One sweep of study 1: a paradigm or a task, trained with every setup.
struct StudySweep {
  std::string name;  ///< "pamap2-joint".
  std::vector<GridAxis> axes;
  std::vector<StudySetup> setups;  ///< Sorted by place: the batch is slowest.
  std::optional<Goal> goal;
  std::optional<GoalLine> line;  ///< The goal as a threshold.
  bool estimated = false;        ///< A model is behind some of the energy.
  bool energy_known = false;     ///< At least one setup has an energy.
  /// How much of ln(energy per epoch), and of ln(epochs), each axis explains; variance_shares.h.
  std::optional<std::vector<double>> epoch_energy_shares;
  std::optional<std::vector<double>> epochs_shares;
};

/// The runs of a sweep as study 1 counts them: the sum over its epochs up to the early stop,
///
///   E = E_1 + ... + E_N,   e = E / N
///
/// without start-up and without leaving the first epoch out, as Tables 2 and 4 of the study do. An
/// epoch whose energy is unknown makes E and e unknown.
///
/// Takes    runs: of one sweep; axes and goal as the sweep has them.
/// Example  Epochs of 150, 100 and 104 J: E = 354 J, N = 3, e = 118 J.
[[nodiscard]] StudySweep study_sweep(std::string name,
                                     std::span<const RunRow> runs,
                                     std::vector<GridAxis> axes,
                                     std::optional<Goal> goal);

}  // namespace gradwatt
