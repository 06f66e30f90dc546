#pragma once

#include "analyze/log_interval.h"
#include "analyze/repeated_mean.h"

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

/// The three energies of one setup, with what repeats say of their scatter.
struct EncoderReuse {
  RepeatedMean encoder_j;
  RepeatedMean joint_j;
  RepeatedMean classifier_j;
};

enum class BreakEvenAnswer {
  pays_off,        ///< After `cycles`.
  never,           ///< Reuse needs as much as training from scratch, or more.
  not_established  ///< Repeats scatter too much to tell that from never.
};
[[nodiscard]] const char* name_of(BreakEvenAnswer answer);

/// A break-even and how sure it is.
struct BreakEven {
  std::optional<double> cycles;  ///< Absent: never, by the means.
  /// 95 % limits by Fieller (fieller.h), not below 0. Absent: an energy has one run, or nothing
  /// scatters.
  std::optional<double> lo;
  std::optional<double> hi;  ///< Absent with `lo` present: there is no upper limit.
  bool may_never = false;    ///< That reuse saves nothing is not ruled out.
  /// Without limits: what the means say, which a single run more may change.
  BreakEvenAnswer answer = BreakEvenAnswer::never;
};

/// With e = E_enc, d = E_joint - E_class, v_d the sum of both variances, and Student's t with the
/// degrees of freedom of e - x d at the x that was found (Satterthwaite); of d alone, where none
/// was.
///
/// Example  Encoder 10, 11 and 12, from scratch 5, 6 and 7, classifier 2, 3 and 4: x = 11 / 3,
///          2.06 to 13.93.
[[nodiscard]] BreakEven break_even_of(const EncoderReuse& reuse);

/// What reuse has saved after so many trainings, with Student's 95 % interval; below 0: it has cost
/// more.
///
///   m (E_joint - E_class) - E_enc,   variance m² v_d + v_e
///
/// Example  30, 4 and 1.5 Wh: 20 Wh after 20 trainings.
[[nodiscard]] Estimate net_gain(const EncoderReuse& reuse, double cycles);

/// The same over setups: of one, that of its repeats; of several, the mean over setups with the
/// interval that comes from how they differ. Takes at least one setup.
[[nodiscard]] Estimate average_net_gain(std::span<const EncoderReuse> setups, double cycles);

/// All setups together.
struct BreakEvenSummary {
  std::vector<BreakEven> setups;         ///< As given.
  int never = 0;                         ///< Setups that never break even, by their means.
  std::optional<std::size_t> best;       ///< The fewest cycles. Absent: all are never.
  std::optional<std::size_t> worst;      ///< The most cycles among those that break even.
  std::optional<double> mean_of_ratios;  ///< Mean of x over the setups that break even.
  /// x of the mean energies of all setups: mean(E_enc) / (mean(E_joint) - mean(E_class)). Absent:
  /// never, or there is no setup.
  std::optional<double> ratio_of_means;
  /// The ratio of means with its limits. Of one setup: those of its repeats. Of several: from how
  /// the setups differ, e and d of a setup being a pair. Absent: there is no setup.
  std::optional<BreakEven> average;
};

/// Example  (30, 4, 1), (12, 4, 2) and (5, 4, 5): x is 10, 6 and never; mean of ratios 8; ratio of
///          means (47/3) / (12/3 - 8/3) = 11.75.
[[nodiscard]] BreakEvenSummary break_evens(std::span<const EncoderReuse> setups);

}  // namespace gradwatt
