#pragma once

#include "base/error.h"
#include "data/row_source.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <utility>

namespace gradwatt {

/// Rows whose bytes follow from their index; some fail. Counts what was asked for.
class NumberedRows final : public RowSource {
 public:
  NumberedRows(std::int64_t count, std::size_t row_bytes, std::set<std::int64_t> failing = {})
      : count_(count), row_bytes_(row_bytes), failing_(std::move(failing)) {}

  static std::uint8_t byte_of(std::int64_t index, std::size_t place) {
    return static_cast<std::uint8_t>(index * 31 + static_cast<std::int64_t>(place));
  }

  [[nodiscard]] std::int64_t count() const override { return count_; }
  [[nodiscard]] std::size_t row_bytes() const override { return row_bytes_; }
  void write_row(std::int64_t index, std::span<std::uint8_t> row) const override {
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = byte_of(index, i);
    }
    {
      const std::lock_guard lock(mutex_);
      ++written_;
    }
    changed_.notify_all();
    if (failing_.contains(index)) {
      throw Error("is damaged", "row " + std::to_string(index));
    }
  }

  /// Returns when so many rows were asked for in all.
  void wait_until_written(std::int64_t rows) const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return written_ >= rows; });
  }
  [[nodiscard]] std::int64_t written() const {
    const std::lock_guard lock(mutex_);
    return written_;
  }

 private:
  std::int64_t count_;
  std::size_t row_bytes_;
  std::set<std::int64_t> failing_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable std::int64_t written_ = 0;
};

}  // namespace gradwatt
