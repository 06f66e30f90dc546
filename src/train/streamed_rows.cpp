#include "base/expects.h"
#include "data/row_source.h"
#include "train/streamed_rows_tensors.h"

#include <algorithm>
#include <optional>

namespace gradwatt {
namespace {

/// On a GPU a slot's copy may still be under way when the next batch is asked for.
constexpr int kBatchesHeld = 1;

}  // namespace

StreamedRows::StreamedRows(std::shared_ptr<const RowSource> rows,
                           const std::vector<std::int64_t>& row,
                           at::ScalarType type,
                           const Placement& placement)
    : rows_(std::move(rows)),
      row_(row),
      type_(type),
      device_(placement.device),
      workers_(placement.workers) {
  std::size_t bytes = at::elementSize(type);
  for (const std::int64_t size : row) {
    bytes *= static_cast<std::size_t>(size);
  }
  expects(rows_->row_bytes() == bytes, "rows of the shape");
}

void StreamedRows::each_batch(
    std::span<const std::int64_t> order,
    const Pass& pass,
    int depth,
    const std::function<void(const at::Tensor&, std::span<const std::int64_t>)>& visit) {
  prepare(pass.batch, depth);
  feed_->begin({order.begin(), order.end()}, pass.draw_seed);
  enter_phase(pass, "data-wait");
  while (const std::optional<FeedBatch> batch = feed_->next()) {
    enter_phase(pass, "host-to-device");
    const auto size = static_cast<std::int64_t>(batch->indices.size());
    visit(slots_[batch->slot].narrow(0, 0, size).to(device_, true), batch->indices);
    enter_phase(pass, "data-wait");
  }
  starved_s_ = seconds(feed_->starved());
}

void StreamedRows::prepare(std::int64_t batch, int depth) {
  if (batch == batch_) {
    return;
  }
  feed_.reset();
  slots_.clear();
  batch_ = batch;
  std::vector<std::int64_t> shape{std::min(batch, rows_->count())};
  shape.insert(shape.end(), row_.begin(), row_.end());
  std::vector<std::span<std::uint8_t>> memory;
  for (int i = 0; i < depth; ++i) {
    slots_.push_back(at::empty(shape, type_));
    if (device_.is_cuda()) {
      slots_.back() = slots_.back().pin_memory();
    }
    memory.emplace_back(static_cast<std::uint8_t*>(slots_.back().data_ptr()),
                        slots_.back().nbytes());
  }
  const FeedOptions options{.workers = workers_, .depth = depth, .hold = kBatchesHeld};
  feed_ = std::make_unique<Feed>(*rows_, shape.front(), options, memory, clock_);
}

}  // namespace gradwatt
