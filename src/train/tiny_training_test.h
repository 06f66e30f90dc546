#pragma once

#include "train/paradigms/catalog.h"
#include "train/trainer.h"

#include <memory>
#include <vector>

namespace gradwatt {

/// Images of two classes: the upper or the lower half is bright. Their one attribute is whether
/// the image is brighter than another of its class.
inline DataPart halves(int count) {
  DataPart part;
  std::vector<std::uint8_t> pixels;
  for (int i = 0; i < count; ++i) {
    const auto label = static_cast<std::uint8_t>(i % 2);
    const bool strong = i % 4 < 2;
    for (int pixel = 0; pixel < 64; ++pixel) {
      const bool bright = (pixel < 32) == (label == 0);
      const int base = bright ? (strong ? 200 : 140) : 20;
      pixels.push_back(static_cast<std::uint8_t>(base + (i * 7 + pixel) % 50));
    }
    part.classes.push_back(label);
    part.attributes.push_back(strong ? 1 : 0);
  }
  part.inputs = std::move(pixels);
  return part;
}

inline TrainingData halves_data() {
  TrainingData data;
  data.shape = {1, 8, 8};
  data.classes = 2;
  data.attributes = 1;
  data.mean = {0.4F};
  data.deviation = {0.3F};
  data.train = halves(50);
  data.validation = halves(20);
  return data;
}

struct Trained {
  TrainingResult result;
  std::vector<EpochResult> epochs;
  std::unique_ptr<Task> task;
};

/// Trains `paradigm` with a small network on halves_data().
inline Trained train_halves(const TrainerOptions& options,
                            const char* paradigm = "classify",
                            const char* model = "small-cnn") {
  const TrainingData data = halves_data();
  const auto train = make_examples(data, data.train, {});
  const auto validation = make_examples(data, data.validation, {});
  seed_weights(options.loop.seed);
  Trained trained;
  trained.task = paradigm_named(paradigm).make(
      {model_named(model), data.shape, data.classes, data.attributes});
  Trainer trainer(options, *trained.task, *train, *validation);
  trained.result = trainer.run([&](const EpochResult& epoch) { trained.epochs.push_back(epoch); });
  return trained;
}

inline TrainerOptions short_training() {
  TrainerOptions options;
  options.loop.batch = 8;
  options.loop.max_epochs = 4;
  options.loop.learning_rate.base = 0.01;
  options.loop.stop.patience.reset();
  return options;
}

}  // namespace gradwatt
