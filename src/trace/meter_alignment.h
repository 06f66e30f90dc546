#pragma once

#include "trace/energy_curve.h"

#include <optional>
#include <string>

namespace gradwatt {

/// How the clock of a meter stands to another one, found by comparing what both saw.
struct MeterAlignment {
  double offset_s = 0;  ///< The meter's clock minus the other, plus the meter's delay, at `middle`.
  double drift = 0;     ///< Seconds that the meter's clock gains in each second of the other.
  double middle_s = 0;
  double correlation = 0;       ///< Of both powers when aligned; 1: they differ by a line only.
  double next_correlation = 0;  ///< At the best place that is not this one.
  double overlap_s = 0;         ///< How long both were compared.

  [[nodiscard]] double to_meter(double t_s) const {
    return t_s + offset_s + drift * (t_s - middle_s);
  }
};

struct AlignmentSearch {
  /// Where to look for the offset; absent: everywhere.
  std::optional<double> expected_s;
  double within_s = 0;
};

struct AlignmentResult {
  std::optional<MeterAlignment> found;
  std::string why_not;  ///< Without one: why, and what would help.
};

/// Finds where on the meter's clock the reference was recorded.
///
/// Both are averaged over cells as wide as the coarser of the two steps. The offset with the
/// highest Pearson correlation wins; around it cells are moved by tenths and a parabola through the
/// best three gives the rest. Parts of a record of ten minutes or more are aligned each for itself,
/// and the median of the slopes between them (Theil-Sen) is the drift. A place must share four
/// fifths of the reference and correlate by 0.8; it is certain when no other one correlates nearly
/// as well: a load that repeats itself fits in several places.
/// Source of the parabola: Cespedes et al., "Methods for estimation of subsample time delays",
///         Ultrasonic Imaging 17 (1995).
[[nodiscard]] AlignmentResult align_meter(const EnergyCurve& reference,
                                          const EnergyCurve& meter,
                                          const AlignmentSearch& search = {});

}  // namespace gradwatt
