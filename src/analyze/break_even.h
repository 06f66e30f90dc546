#pragma once

#include "analyze/log_interval.h"

#include <optional>
#include <span>
#include <vector>

namespace gradwatt {

/// How often a pretrained encoder has to be used until pretraining it has paid off: study 1's
/// Equation 2, E_enc + x * E_class = x * E_joint, solved for x:
///
///   x = E_enc / (E_joint - E_class)
///
/// Takes    the energy of pretraining the encoder, of training both parts from scratch, and of
///          training the classifier behind the encoder; any one unit.
/// Returns  nullopt when E_joint <= E_class: reuse saves nothing, so it never pays off.
/// Source   Geissler et al., The Power of Training, 2024, Equation 2.
/// Example  30 Wh, 4 Wh and 1.5 Wh: 12 cycles.
[[nodiscard]] std::optional<double> break_even(double encoder, double joint, double classifier);

/// The first whole number of trainings after which pretraining has paid off: ceil(x), at least 1.
/// Example  x = 11.2: 12; x = 12: 12.
[[nodiscard]] double whole_cycles(double cycles);

/// The three energies of one setup, with intervals where repeats give them.
struct EncoderReuse {
  Estimate encoder_j;
  Estimate joint_j;
  Estimate classifier_j;
};

/// A break-even and what the intervals of the energies make of it.
struct BreakEven {
  std::optional<double> cycles;  ///< Absent: never.
  /// Absent: an energy has no interval. By interval arithmetic, so at least as wide as needed:
  /// the least encoder over the largest difference, the largest encoder over the least difference.
  std::optional<double> lo;
  std::optional<double> hi;  ///< Also absent when `may_never`.
  bool may_never = false;    ///< At the other end of the intervals reuse saves nothing.
};
[[nodiscard]] BreakEven break_even_of(const EncoderReuse& reuse);

/// All setups together.
struct BreakEvenSummary {
  std::vector<BreakEven> setups;         ///< As given.
  int never = 0;                         ///< Setups that never break even.
  std::optional<std::size_t> best;       ///< The fewest cycles. Absent: all are never.
  std::optional<std::size_t> worst;      ///< The most cycles among those that break even.
  std::optional<double> mean_of_ratios;  ///< Mean of x over the setups that break even.
  /// x of the mean energies of all setups: mean(E_enc) / (mean(E_joint) - mean(E_class)). Absent:
  /// never, or there is no setup.
  std::optional<double> ratio_of_means;
};

/// Example  (30, 4, 1), (12, 4, 2) and (5, 4, 5): x is 10, 6 and never; mean of ratios 8; ratio of
///          means (47/3) / (12/3 - 8/3) = 11.75.
[[nodiscard]] BreakEvenSummary break_evens(std::span<const EncoderReuse> setups);

}  // namespace gradwatt
