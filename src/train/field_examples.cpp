#include "base/expects.h"
#include "train/batch_tensors.h"
#include "train/streamed_rows_tensors.h"

#include <algorithm>
#include <optional>

namespace gradwatt {
namespace {

constexpr std::size_t kEvaluationBytes = std::size_t{256} << 20U;
constexpr std::size_t kLargeSlotBytes = std::size_t{256} << 20U;
constexpr std::int64_t kFieldEvaluationBatch = 1024;

/// How rows [n, 1 + steps, channels, height, width] become inputs and targets.
struct FieldLayoutOf {
  std::vector<std::int64_t> row;  ///< [1 + steps, channels, height, width]
  at::Tensor mean;                ///< [channels, 1, 1] on the device
  at::Tensor deviation;

  [[nodiscard]] std::vector<std::int64_t> rows(std::int64_t count) const {
    std::vector<std::int64_t> shape{count};
    shape.insert(shape.end(), row.begin(), row.end());
    return shape;
  }
  [[nodiscard]] std::size_t row_bytes() const {
    return static_cast<std::size_t>(row[0] * row[1] * row[2] * row[3]) * sizeof(float);
  }
  /// As many as 256 MiB hold, and one at least.
  [[nodiscard]] std::int64_t evaluation_batch() const {
    return std::clamp<std::int64_t>(
        static_cast<std::int64_t>(kEvaluationBytes / row_bytes()), 1, kFieldEvaluationBatch);
  }
  void visit(const at::Tensor& stored, const std::function<void(const Batch&)>& take) const {
    const at::Tensor fields = (stored - mean) / deviation;
    const at::Tensor inputs = fields.select(1, 0).contiguous();
    const at::Tensor targets = fields.narrow(1, 1, row[0] - 1);
    const at::Tensor none;
    take({inputs, none, none, stored.size(0), &targets});
  }
};

/// Rows that threads read ahead.
class StreamedFields final : public Examples {
 public:
  StreamedFields(std::shared_ptr<const RowSource> rows,
                 FieldLayoutOf layout,
                 const Placement& placement)
      : layout_(std::move(layout)), rows_(std::move(rows), layout_.row, at::kFloat, placement) {}

  [[nodiscard]] std::int64_t count() const override { return rows_.count(); }
  [[nodiscard]] std::int64_t evaluation_batch() const override {
    return layout_.evaluation_batch();
  }

  void each_batch(std::span<const std::int64_t> order,
                  const Pass& pass,
                  const std::function<void(const Batch&)>& visit) override {
    const auto rows = static_cast<std::size_t>(std::min(pass.batch, count()));
    const int batches = rows * layout_.row_bytes() > kLargeSlotBytes ? 3 : 5;
    rows_.each_batch(order,
                     pass,
                     batches,
                     [&](const at::Tensor& stored, std::span<const std::int64_t> /*samples*/) {
                       layout_.visit(stored, visit);
                     });
  }

  [[nodiscard]] std::optional<double> starved_s() const override { return rows_.starved_s(); }

 private:
  FieldLayoutOf layout_;
  StreamedRows rows_;
};

/// Rows that stay in the device's memory.
class ResidentFields final : public Examples {
 public:
  ResidentFields(at::Tensor rows, FieldLayoutOf layout)
      : rows_(std::move(rows)), layout_(std::move(layout)) {}

  [[nodiscard]] std::int64_t count() const override { return rows_.size(0); }
  [[nodiscard]] std::int64_t evaluation_batch() const override {
    return layout_.evaluation_batch();
  }

  void each_batch(std::span<const std::int64_t> order,
                  const Pass& pass,
                  const std::function<void(const Batch&)>& visit) override {
    const at::Tensor indices = index_tensor(order).to(rows_.device());
    const auto count = static_cast<std::int64_t>(order.size());
    for (std::int64_t first = 0; first < count; first += pass.batch) {
      enter_phase(pass, "host-to-device");
      const std::int64_t size = std::min(pass.batch, count - first);
      layout_.visit(rows_.index_select(0, indices.narrow(0, first, size)), visit);
    }
  }

 private:
  at::Tensor rows_;
  FieldLayoutOf layout_;
};

}  // namespace

std::unique_ptr<Examples> field_examples(const TrainingData& data,
                                         const DataPart& part,
                                         const Placement& placement) {
  const BatchLayout common = layout_of(data, placement);
  const FieldLayoutOf layout{
      {1 + data.forecast->steps, data.shape.channels, data.shape.height, data.shape.width},
      common.mean.view({-1, 1, 1}),
      common.deviation.view({-1, 1, 1})};
  if (const auto* rows = std::get_if<std::shared_ptr<const RowSource>>(&part.inputs)) {
    return std::make_unique<StreamedFields>(*rows, layout, placement);
  }
  const auto& numbers = std::get<std::vector<float>>(part.inputs);
  at::Tensor rows = at::empty(layout.rows(part.count()), at::kFloat);
  expects(static_cast<std::int64_t>(numbers.size()) == rows.numel(), "rows of the shape");
  std::copy(numbers.begin(), numbers.end(), rows.data_ptr<float>());
  return std::make_unique<ResidentFields>(rows.to(common.mean.device()), layout);
}

}  // namespace gradwatt
