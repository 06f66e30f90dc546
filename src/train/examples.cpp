#include "train/examples.h"

#include "train/batch_tensors.h"
#include "train/network.h"
#include "train/step_profile.h"

#include <numeric>

namespace gradwatt {
namespace {

/// Everything in memory: a batch is gathered by index.
class ResidentExamples final : public Examples {
 public:
  ResidentExamples(ResidentTensors tensors, BatchLayout layout)
      : tensors_(std::move(tensors)), layout_(std::move(layout)) {}

  [[nodiscard]] std::int64_t count() const override { return tensors_.classes.size(0); }

  void each_batch(std::span<const std::int64_t> order,
                  const Pass& pass,
                  const std::function<void(const Batch&)>& visit) override {
    const at::Tensor indices = index_tensor(order).to(tensors_.classes.device());
    const auto count = static_cast<std::int64_t>(order.size());
    for (std::int64_t first = 0; first < count; first += pass.batch) {
      enter_phase(pass, "host-to-device");
      const std::int64_t size = std::min(pass.batch, count - first);
      const at::Tensor chosen = indices.narrow(0, first, size);
      at::Tensor inputs = layout_.shaped(tensors_.inputs.index_select(0, chosen));
      if (pass.draw_seed && layout_.mirrors) {
        inputs =
            mirrored(inputs,
                     order.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(size)),
                     *pass.draw_seed);
      }
      const at::Tensor classes = tensors_.classes.index_select(0, chosen);
      const at::Tensor attributes = tensors_.attributes.defined()
                                        ? tensors_.attributes.index_select(0, chosen)
                                        : at::Tensor();
      visit({inputs, classes, attributes, size});
    }
  }

 private:
  ResidentTensors tensors_;
  BatchLayout layout_;
};

constexpr std::int64_t kEncodeBatch = 1024;

/// Latent features are used as they are stored, as series are.
BatchLayout latent_layout() { return {}; }

}  // namespace

void enter_phase(const Pass& pass, const char* phase) {
  if (pass.profile != nullptr) {
    pass.profile->enter(phase);
  }
}

std::vector<std::int64_t> natural_order(std::int64_t count) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  return order;
}

std::unique_ptr<Examples> make_examples(const TrainingData& data,
                                        const DataPart& part,
                                        const Placement& placement) {
  if (data.forecast) {
    return field_examples(data, part, placement);
  }
  BatchLayout layout = layout_of(data, placement);
  if (const auto* rows = std::get_if<std::shared_ptr<const RowSource>>(&part.inputs)) {
    return streamed_examples(
        *rows, label_tensors(part, data.attributes, placement.device), layout, placement);
  }
  ResidentTensors tensors = label_tensors(part, data.attributes, placement.device);
  tensors.inputs = layout.resident(part);
  return std::make_unique<ResidentExamples>(std::move(tensors), std::move(layout));
}

std::unique_ptr<Examples> encoded(Examples& examples, Network& encoder) {
  const at::NoGradGuard no_graph;
  std::vector<at::Tensor> latents;
  std::vector<at::Tensor> classes;
  std::vector<at::Tensor> attributes;
  examples.each_batch(natural_order(examples.count()), {kEncodeBatch, {}}, [&](const Batch& batch) {
    latents.push_back(encoder.forward(batch.inputs));
    classes.push_back(batch.classes);
    if (batch.attributes.defined()) {
      attributes.push_back(batch.attributes);
    }
  });
  ResidentTensors tensors{at::cat(latents), at::cat(classes), at::Tensor()};
  if (!attributes.empty()) {
    tensors.attributes = at::cat(attributes);
  }
  return std::make_unique<ResidentExamples>(std::move(tensors), latent_layout());
}

}  // namespace gradwatt
