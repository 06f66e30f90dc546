#include "train/class_task.h"

#include "train/paradigms/catalog.h"
#include "train/tensors.h"

namespace gradwatt {
namespace {

class ClassTask final : public Task {
 public:
  ClassTask(const TaskSpec& spec, bool frozen_encoder)
      : Task({"", spec.model.make_encoder(spec.shape), !frozen_encoder}) {
    add_part({"", spec.model.make_head(spec.model.latent_size(spec.shape), spec.classes), true});
  }

  at::Tensor loss(const Batch& batch, MetricSums* metrics) override {
    const at::Tensor answer = scores(1, latents(batch));
    at::Tensor loss = at::cross_entropy_loss(answer, batch.classes);
    if (metrics != nullptr) {
      metrics->add("val_loss", loss, batch.size);
      metrics->add("val_acc", class_accuracy(answer, batch.classes), batch.size);
    }
    return loss;
  }
};

}  // namespace

std::unique_ptr<Task> class_task(const TaskSpec& spec, bool frozen_encoder) {
  return std::make_unique<ClassTask>(spec, frozen_encoder);
}

at::Tensor class_accuracy(const at::Tensor& scores, const at::Tensor& classes) {
  return scores.argmax(1).eq(classes).to(at::kFloat).mean();
}

}  // namespace gradwatt
