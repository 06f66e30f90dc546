#include "train/attribute_loss.h"
#include "train/class_task.h"
#include "train/paradigms/catalog.h"
#include "train/tensors.h"

namespace gradwatt {
namespace {

/// One encoder, a head for the identity and one for the attributes:
///
///   L = alpha * L_identity + (1 - alpha) * L_attributes
///
/// val_acc is the mean of both accuracies, which are reported beside it.
class MultiTask final : public Task {
 public:
  explicit MultiTask(const TaskSpec& spec)
      : Task({"", spec.model.make_encoder(spec.shape)}), alpha_(spec.alpha) {
    const std::int64_t latent = spec.model.latent_size(spec.shape);
    add_part({"identity", spec.model.make_head(latent, spec.classes)});
    add_part({"attributes", spec.model.make_head(latent, spec.attributes)});
  }

  at::Tensor loss(const Batch& batch, MetricSums* metrics) override {
    const at::Tensor features = latents(batch);
    const at::Tensor who = scores(1, features);
    const at::Tensor what = scores(2, features);
    at::Tensor loss = at::cross_entropy_loss(who, batch.classes) * alpha_ +
                      attribute_loss(what, batch.attributes) * (1 - alpha_);
    if (metrics != nullptr) {
      const at::Tensor right = class_accuracy(who, batch.classes);
      const at::Tensor right_attributes = attribute_accuracy(what, batch.attributes);
      metrics->add("val_loss", loss, batch.size);
      metrics->add("val_acc", (right + right_attributes) / 2, batch.size);
      metrics->add("val_acc_identity", right, batch.size);
      metrics->add("val_acc_attributes", right_attributes, batch.size);
    }
    return loss;
  }

 private:
  double alpha_;
};

}  // namespace

Paradigm multitask() {
  Paradigm paradigm;
  paradigm.name = "multitask";
  paradigm.description = "identity and attributes at once on one encoder, weighted by --alpha";
  paradigm.needs_attributes = true;
  paradigm.make = [](const TaskSpec& spec) -> std::unique_ptr<Task> {
    return std::make_unique<MultiTask>(spec);
  };
  return paradigm;
}

}  // namespace gradwatt
