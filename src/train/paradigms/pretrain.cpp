#include "base/error.h"
#include "train/paradigms/catalog.h"
#include "train/tensors.h"

namespace gradwatt {
namespace {

/// Encoder and decoder; the loss is the mean squared difference between inputs and what comes out.
class AutoencoderTask final : public Task {
 public:
  explicit AutoencoderTask(const TaskSpec& spec) : Task({"", spec.model.make_encoder(spec.shape)}) {
    add_part({"decoder", spec.model.make_decoder(spec.shape)});
  }

  at::Tensor loss(const Batch& batch, MetricSums* metrics) override {
    at::Tensor loss = at::mse_loss(scores(1, latents(batch)), batch.inputs);
    if (metrics != nullptr) {
      metrics->add("val_loss", loss, batch.size);
    }
    return loss;
  }
};

std::unique_ptr<Task> autoencoder(const TaskSpec& spec) {
  if (spec.model.make_decoder == nullptr) {
    throw UsageError("this model has no decoder, which pretraining needs",
                     spec.model.name,
                     "take --model har-cnn for series, small-cnn for images");
  }
  return std::make_unique<AutoencoderTask>(spec);
}

}  // namespace

Paradigm pretrain() {
  Paradigm paradigm;
  paradigm.name = "pretrain";
  paradigm.description = "an autoencoder; its encoder serves frozen and unfrozen";
  paradigm.monitor = Metric::val_loss;
  paradigm.phase = "pretrain";
  paradigm.make = autoencoder;
  return paradigm;
}

}  // namespace gradwatt
