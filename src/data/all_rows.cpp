#include "data/all_rows.h"

#include "base/error.h"
#include "data/parallel_rows.h"

#include <algorithm>
#include <mutex>

namespace gradwatt {
namespace {

std::span<std::uint8_t> row_of(std::vector<std::uint8_t>& rows,
                               std::size_t row_bytes,
                               std::int64_t index) {
  return std::span(rows).subspan(static_cast<std::size_t>(index) * row_bytes, row_bytes);
}

}  // namespace

std::vector<std::uint8_t> all_rows(const RowSource& source, int workers) {
  const std::size_t row_bytes = source.row_bytes();
  std::vector<std::uint8_t> rows(static_cast<std::size_t>(source.count()) * row_bytes);
  for_pieces(source.count(), workers, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      source.write_row(i, row_of(rows, row_bytes, i));
    }
  });
  return rows;
}

AllRows all_rows_reporting(const RowSource& source, int workers) {
  const std::size_t row_bytes = source.row_bytes();
  AllRows all;
  all.rows.resize(static_cast<std::size_t>(source.count()) * row_bytes);
  std::mutex mutex;
  for_pieces(source.count(), workers, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      const auto row = row_of(all.rows, row_bytes, i);
      try {
        source.write_row(i, row);
      } catch (const Error& error) {
        std::fill(row.begin(), row.end(), std::uint8_t{0});
        const std::lock_guard lock(mutex);
        all.damaged.emplace_back(i, error.what());
      }
    }
  });
  std::sort(all.damaged.begin(), all.damaged.end());
  return all;
}

}  // namespace gradwatt
