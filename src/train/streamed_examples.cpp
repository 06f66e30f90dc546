#include "data/feed.h"
#include "train/batch_tensors.h"
#include "units/clock.h"

#include <optional>

namespace gradwatt {
namespace {

constexpr int kBatchesAhead = 4;
/// On a GPU a slot's copy may still be under way when the next batch is asked for.
constexpr int kBatchesHeld = 1;

/// Rows that worker threads make, a few batches ahead, in memory that a GPU can copy from.
class StreamedExamples final : public Examples {
 public:
  StreamedExamples(std::shared_ptr<const RowSource> rows,
                   ResidentTensors labels,
                   BatchLayout layout,
                   const Placement& placement)
      : rows_(std::move(rows)),
        labels_(std::move(labels)),
        layout_(std::move(layout)),
        workers_(placement.workers) {}

  [[nodiscard]] std::int64_t count() const override { return rows_->count(); }

  void each_batch(std::span<const std::int64_t> order,
                  const Pass& pass,
                  const std::function<void(const Batch&)>& visit) override {
    prepare(pass.batch);
    feed_->begin({order.begin(), order.end()}, pass.draw_seed);
    enter_phase(pass, "data-wait");
    while (const std::optional<FeedBatch> batch = feed_->next()) {
      enter_phase(pass, "host-to-device");
      const auto size = static_cast<std::int64_t>(batch->indices.size());
      const at::Tensor bytes = slots_[batch->slot].narrow(0, 0, size);
      at::Tensor inputs = layout_.shaped(layout_.normalised(bytes.to(layout_.mean.device(), true)));
      if (pass.draw_seed && layout_.mirrors) {
        inputs = mirrored(inputs, batch->indices, *pass.draw_seed);
      }
      const at::Tensor chosen = index_tensor(batch->indices).to(labels_.classes.device());
      const at::Tensor classes = labels_.classes.index_select(0, chosen);
      const at::Tensor attributes =
          labels_.attributes.defined() ? labels_.attributes.index_select(0, chosen) : at::Tensor();
      visit({inputs, classes, attributes, size});
      enter_phase(pass, "data-wait");
    }
    starved_s_ = seconds(feed_->starved());
  }

  [[nodiscard]] std::optional<double> starved_s() const override { return starved_s_; }

 private:
  void prepare(std::int64_t batch) {
    if (batch == batch_) {
      return;
    }
    feed_.reset();
    slots_.clear();
    batch_ = batch;
    const std::int64_t rows = std::min(batch, rows_->count());
    std::vector<std::span<std::uint8_t>> memory;
    for (int i = 0; i < kBatchesAhead + kBatchesHeld; ++i) {
      const auto& shape = layout_.shape;
      slots_.push_back(at::empty({rows, shape.height, shape.width, shape.channels}, at::kByte));
      if (layout_.mean.device().is_cuda()) {
        slots_.back() = slots_.back().pin_memory();
      }
      memory.emplace_back(slots_.back().data_ptr<std::uint8_t>(),
                          static_cast<std::size_t>(slots_.back().numel()));
    }
    FeedOptions options;
    options.workers = workers_;
    options.depth = kBatchesAhead + kBatchesHeld;
    options.hold = kBatchesHeld;
    feed_ = std::make_unique<Feed>(*rows_, rows, options, std::move(memory), clock_);
  }

  std::shared_ptr<const RowSource> rows_;
  ResidentTensors labels_;
  BatchLayout layout_;
  int workers_;
  SystemClock clock_;
  std::int64_t batch_ = 0;
  std::vector<at::Tensor> slots_;
  std::unique_ptr<Feed> feed_;
  double starved_s_ = 0;
};

}  // namespace

std::unique_ptr<Examples> streamed_examples(std::shared_ptr<const RowSource> rows,
                                            ResidentTensors labels,
                                            BatchLayout layout,
                                            const Placement& placement) {
  return std::make_unique<StreamedExamples>(
      std::move(rows), std::move(labels), std::move(layout), placement);
}

}  // namespace gradwatt
