#pragma once

#include "analyze/setup_result.h"
#include "analyze/welch_ratio.h"

#include <optional>

namespace gradwatt {

/// Why one setup needs less energy than another to reach the goal, as factors whose product is the
/// ratio of the energies.
struct FactorSplit {
  Ratio epoch_energy;  ///< Cheaper epochs: energy per epoch, a over b.
  Ratio epochs;        ///< Fewer epochs: epochs to the goal, a over b.
  /// What is neither: the first epoch's warm-up, energy outside epochs, repeats that missed the
  /// goal.
  double rest = 1;

  /// Each factor's part of the logarithm of the ratio; they add up to 1 and may be negative.
  /// Absent when the ratio is so near to 1 that parts of it mean nothing.
  struct Parts {
    double epoch_energy = 0;
    double epochs = 0;
    double rest = 0;
  };
  std::optional<Parts> parts;
};

/// Splits the ratio of the energies to the goal of a and b:
///
///   E_a / E_b = (e_a / e_b) * (N_a / N_b) * rest
///
/// with e the energy per epoch and N the epochs to the goal, both geometric means over repeats.
/// `rest` is defined by the equation, so the product is exact; in logarithms the parts add.
///
/// Returns  nullopt when one of the six numbers is not known.
/// Source   the product of the two is how study 1 explains its totals; the logarithmic mean split
///          is exact for products (Ang, Energy Policy 32(9):1131, 2004).
/// Example  e 40 over 100 J, N 10 over 8, E 410 over 820 J: 0.4 * 1.25 * 1 = 0.5.
[[nodiscard]] std::optional<FactorSplit> split_of(const SetupResult& a, const SetupResult& b);

/// The same from the three ratios: `whole` is that of the energies to the goal.
[[nodiscard]] FactorSplit split_into(double whole, const Ratio& epoch_energy, const Ratio& epochs);

}  // namespace gradwatt
