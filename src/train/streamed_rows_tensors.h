#pragma once

#include "data/feed.h"
#include "train/examples.h"
#include "train/tensors.h"
#include "units/clock.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace gradwatt {

/// Batches of stored rows that worker threads make, a few ahead, in memory that a GPU can copy
/// from. Not thread-safe.
class StreamedRows {
 public:
  /// Takes     `row`: the shape of one row, of `type`; its bytes are those of `rows`.
  StreamedRows(std::shared_ptr<const RowSource> rows,
               const std::vector<std::int64_t>& row,
               at::ScalarType type,
               const Placement& placement);

  [[nodiscard]] std::int64_t count() const { return rows_->count(); }

  /// Visits the rows in this order, pass.batch at a time: [n, row...] on the device, and which they
  /// are. `depth` batches are in memory.
  void each_batch(
      std::span<const std::int64_t> order,
      const Pass& pass,
      int depth,
      const std::function<void(const at::Tensor&, std::span<const std::int64_t>)>& visit);

  /// Seconds that the last each_batch() waited for rows.
  [[nodiscard]] double starved_s() const { return starved_s_; }

 private:
  void prepare(std::int64_t batch, int depth);

  std::shared_ptr<const RowSource> rows_;
  std::vector<std::int64_t> row_;
  at::ScalarType type_;
  at::Device device_;
  int workers_;
  SystemClock clock_;
  std::int64_t batch_ = 0;
  std::vector<at::Tensor> slots_;
  std::unique_ptr<Feed> feed_;
  double starved_s_ = 0;
};

}  // namespace gradwatt
