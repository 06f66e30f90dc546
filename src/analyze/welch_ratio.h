#pragma once

#include "analyze/log_interval.h"

#include <optional>
#include <span>

namespace gradwatt {

/// How many times a is b, from repeats of both.
struct Ratio {
  double value = 1;
  std::optional<Interval> interval;  ///< Absent: a side has one number, or nothing scatters.
  std::optional<double> p_value;     ///< Two-sided, of "the ratio is 1". Present with `interval`.
};

/// Ratio of geometric means with Welch's interval on logarithms:
///
///   log R = mean(log a) - mean(log b),   v_a = s²(log a) / n_a,   v_b = s²(log b) / n_b
///   R * exp(± t(df; 0.975) * sqrt(v_a + v_b))
///   df = (v_a + v_b)² / ( v_a² / (n_a - 1) + v_b² / (n_b - 1) )
///
/// Takes    at least one number on each side, all positive; tail: what the interval leaves out at
///          each end, 0.025 for 95 %.
/// Source   Welch, The generalization of Student's problem when several different population
///          variances are involved, Biometrika 34(1/2):28, 1947; df after Satterthwaite 1946.
/// Example  Study 1, Table 2a (docs/analysis.md): four energies per epoch at batch 1024 over four
///          at batch 64 give 0.2833 [0.278, 0.288], which is -71.7 % [-72.2, -71.1].
[[nodiscard]] Ratio welch_ratio(std::span<const double> a,
                                std::span<const double> b,
                                double tail = kUpperTail);

}  // namespace gradwatt
