#pragma once

#include "analyze/grid.h"

#include <vector>

namespace gradwatt {

/// A setup whose energy per epoch does not fit the rest of its table.
struct SuspiciousSetup {
  std::size_t setup = 0;  ///< Index in Grid::setups.
  double excess = 0;      ///< Relative to what its row and column say: 0.5 is 50 % too much.
  double robust_z = 0;    ///< The residual in units of the table's usual residual.
};

/// Setups to measure again before believing them. In each table of the first two axes, logarithms
/// of energy per epoch (of the cost of a run, where no epochs are told) are swept by median polish;
/// a residual r is suspicious when
///
///   |r| / (1.4826 * median |r|) > 14.826   and   |exp(r) - 1| > 10 %
///
/// The second condition keeps tables that hardly scatter from flagging a per mille. Tables need
/// three rows and three columns.
///
/// Source   1.4826 makes the median deviation comparable to a standard deviation (Hampel, JASA
///          69:383, 1974); 14.826, ten median deviations, is what hyperfine 1.18 warns at.
/// Example  Study 1, Table 2c: batch 256 with learning rate 0.0001 is 50 % above its row and
///          column, z = 150: the only such number among the 64 of Table 2.
[[nodiscard]] std::vector<SuspiciousSetup> suspicious_setups(const Grid& grid);

}  // namespace gradwatt
