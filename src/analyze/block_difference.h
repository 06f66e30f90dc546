#pragma once

#include "analyze/mean_difference.h"

#include <span>
#include <vector>

namespace gradwatt {

/// Numbers of both sides at the same setting of everything else. At least one each.
struct SideBlock {
  std::vector<double> a;
  std::vector<double> b;
};

/// The difference a - b within blocks, averaged over them; each block counts the same:
///
///   d_i = mean(a_i) - mean(b_i);   value = mean(d_i) over the k blocks
///   every block repeated on both sides:  squared error = sum( s²(a_i)/n_a + s²(b_i)/n_b ) / k²
///   else (blocks of single runs):        squared error = s²(d_i) / k,  df = k - 1
///
/// The first asks what holds for these blocks, on average, and takes the scatter of repeats as its
/// yardstick. The second has no repeats to learn from and takes how much the blocks disagree.
/// Which one is used depends on what was run, never on what came out.
///
/// Takes    at least one block. One block is mean_difference().
/// Source   Student's paired comparison and the randomized complete block design: Cochran and Cox,
///          Experimental Designs, 1957, ch. 3 and 4.
/// Example  Blocks (1, 2), (2, 4), (3, 6) of single numbers: d = -1, -2, -3; value -2, standard
///          error 1/sqrt(3), df 2.
[[nodiscard]] MeanDifference block_difference(std::span<const SideBlock> blocks);

/// The differences of the single blocks, in their order.
[[nodiscard]] std::vector<double> differences_of(std::span<const SideBlock> blocks);

}  // namespace gradwatt
