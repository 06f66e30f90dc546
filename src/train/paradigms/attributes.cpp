#include "train/attribute_loss.h"
#include "train/paradigms/catalog.h"
#include "train/tensors.h"

namespace gradwatt {
namespace {

class AttributeTask final : public Task {
 public:
  explicit AttributeTask(const TaskSpec& spec) : Task({"", spec.model.make_encoder(spec.shape)}) {
    add_part({"", spec.model.make_head(spec.model.latent_size(spec.shape), spec.attributes)});
  }

  at::Tensor loss(const Batch& batch, MetricSums* metrics) override {
    const at::Tensor answer = scores(1, latents(batch));
    at::Tensor loss = attribute_loss(answer, batch.attributes);
    if (metrics != nullptr) {
      metrics->add("val_loss", loss, batch.size);
      metrics->add("val_acc", attribute_accuracy(answer, batch.attributes), batch.size);
    }
    return loss;
  }
};

}  // namespace

Paradigm attributes() {
  Paradigm paradigm;
  paradigm.name = "attributes";
  paradigm.description = "the attributes alone: the other single task of multitask";
  paradigm.needs_attributes = true;
  paradigm.make = [](const TaskSpec& spec) -> std::unique_ptr<Task> {
    return std::make_unique<AttributeTask>(spec);
  };
  return paradigm;
}

}  // namespace gradwatt
