#include "train/batch_tensors.h"
#include "train/streamed_rows_tensors.h"

#include <optional>

namespace gradwatt {
namespace {

/// The one in use, the one held for a copy, and those prepared ahead.
constexpr int kImageBatches = 5;

/// Images that worker threads make.
class StreamedExamples final : public Examples {
 public:
  StreamedExamples(std::shared_ptr<const RowSource> rows,
                   ResidentTensors labels,
                   BatchLayout layout,
                   const Placement& placement)
      : labels_(std::move(labels)),
        layout_(std::move(layout)),
        rows_(std::move(rows),
              {layout_.shape.height, layout_.shape.width, layout_.shape.channels},
              at::kByte,
              placement) {}

  [[nodiscard]] std::int64_t count() const override { return rows_.count(); }

  void each_batch(std::span<const std::int64_t> order,
                  const Pass& pass,
                  const std::function<void(const Batch&)>& visit) override {
    rows_.each_batch(order,
                     pass,
                     kImageBatches,
                     [&](const at::Tensor& bytes, std::span<const std::int64_t> samples) {
                       at::Tensor inputs = layout_.shaped(layout_.normalised(bytes));
                       if (pass.draw_seed && layout_.mirrors) {
                         inputs = mirrored(inputs, samples, *pass.draw_seed);
                       }
                       const at::Tensor chosen = index_tensor(samples).to(labels_.classes.device());
                       const at::Tensor classes = labels_.classes.index_select(0, chosen);
                       const at::Tensor attributes =
                           labels_.attributes.defined() ? labels_.attributes.index_select(0, chosen)
                                                        : at::Tensor();
                       visit({inputs, classes, attributes, bytes.size(0)});
                     });
  }

  [[nodiscard]] std::optional<double> starved_s() const override { return rows_.starved_s(); }

 private:
  ResidentTensors labels_;
  BatchLayout layout_;
  StreamedRows rows_;
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
