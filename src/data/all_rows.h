#pragma once

#include "data/row_source.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

/// All rows of a source, [count, row_bytes], made by `workers` threads: for data that stays in
/// memory. Throws what the source throws.
[[nodiscard]] std::vector<std::uint8_t> all_rows(const RowSource& source, int workers);

struct AllRows {
  std::vector<std::uint8_t> rows;  ///< [count, row_bytes]; those of damaged samples are zero.
  /// Samples that could not be made, in order, and why.
  std::vector<std::pair<std::int64_t, std::string>> damaged;
};

/// As all_rows, but an Error of the source is part of the result.
[[nodiscard]] AllRows all_rows_reporting(const RowSource& source, int workers);

}  // namespace gradwatt
