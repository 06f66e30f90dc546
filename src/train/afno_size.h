#pragma once

#include "train/training_data.h"

#include <cstdint>

namespace gradwatt {

/// How large an AFNO is. 0: what suits the grid.
struct AfnoSize {
  std::int64_t width = 0;   ///< Numbers of a token.
  std::int64_t depth = 0;   ///< Blocks, one behind the other.
  std::int64_t blocks = 0;  ///< Of the filter's matrices: each mixes width / blocks numbers.
};

/// The side of a patch that suits a grid: 8 points as published, on less than 180 rows 4.
[[nodiscard]] std::int64_t suitable_patch(std::int64_t rows);

/// `asked`, with what suits the grid in place of zeros: on 180 rows and more the published 768
/// wide, 12 deep, 8 blocks; on fewer 128 wide, 4 deep, 8 blocks.
/// Throws    UsageError when the blocks do not divide the width.
/// Example   {0, 2, 0} on 32 rows: {128, 2, 8}.
[[nodiscard]] AfnoSize suited_to(const InputShape& grid, AfnoSize asked);

}  // namespace gradwatt
