#include "train/class_task.h"

#include "train/paradigms/catalog.h"
#include "train/tensors.h"

namespace gradwatt {
namespace {

class ClassTask final : public Task {
 public:
  ClassTask(const TaskSpec& spec, bool frozen_encoder)
      : Task({"", spec.model.make_encoder(spec.shape), !frozen_encoder}),
        smoothing_(spec.label_smoothing),
        has_top5_(spec.has_top5) {
    add_part({"", spec.model.make_head(spec.model.latent_size(spec.shape), spec.classes), true});
  }

  at::Tensor loss(const Batch& batch, MetricSums* metrics) override {
    const at::Tensor answer = scores(1, latents(batch));
    if (metrics == nullptr) {
      return smoothed_loss(answer, batch.classes, smoothing_);
    }
    at::Tensor loss = at::cross_entropy_loss(answer, batch.classes);
    metrics->add("val_loss", loss, batch.size);
    metrics->add("val_acc", class_accuracy(answer, batch.classes), batch.size);
    if (has_top5_) {
      metrics->add("val_top5", accuracy_among(5, answer, batch.classes), batch.size);
    }
    return loss;
  }

 private:
  double smoothing_;
  bool has_top5_;
};

}  // namespace

std::unique_ptr<Task> class_task(const TaskSpec& spec, bool frozen_encoder) {
  return std::make_unique<ClassTask>(spec, frozen_encoder);
}

at::Tensor class_accuracy(const at::Tensor& scores, const at::Tensor& classes) {
  return scores.argmax(1).eq(classes).to(at::kFloat).mean();
}

at::Tensor accuracy_among(std::int64_t guesses,
                          const at::Tensor& scores,
                          const at::Tensor& classes) {
  const at::Tensor best = std::get<1>(scores.topk(std::min(guesses, scores.size(1)), 1));
  return best.eq(classes.unsqueeze(1)).any(1).to(at::kFloat).mean();
}

at::Tensor smoothed_loss(const at::Tensor& scores, const at::Tensor& classes, double smoothing) {
  constexpr std::int64_t kIgnoresNone = -100;
  return at::cross_entropy_loss(scores, classes, {}, at::Reduction::Mean, kIgnoresNone, smoothing);
}

}  // namespace gradwatt
