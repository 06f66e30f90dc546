#include "train/trainer.h"

#include "train/flat_parameters.h"
#include "train/models/catalog.h"
#include "train/tensors.h"

#include <gtest/gtest.h>
#include <torch/nn/module.h>

#include <cmath>

namespace gradwatt {
namespace {

/// Images of two classes: the upper or the lower half is bright.
ImageSet halves(int count) {
  ImageSet set{{8, 8, 1}, {}, {}};
  for (int i = 0; i < count; ++i) {
    const auto label = static_cast<std::uint8_t>(i % 2);
    for (int pixel = 0; pixel < 64; ++pixel) {
      const bool bright = (pixel < 32) == (label == 0);
      set.pixels.push_back(static_cast<std::uint8_t>((bright ? 200 : 20) + (i * 7 + pixel) % 50));
    }
    set.labels.push_back(label);
  }
  return set;
}

struct Trained {
  TrainingResult result;
  std::vector<EpochResult> epochs;
};

Trained train_halves(const LoopPlan& plan) {
  const ResidentImages train(halves(50), 0.4F, 0.3F, "cpu");
  const ResidentImages validation(halves(20), 0.4F, 0.3F, "cpu");
  seed_weights(plan.seed);
  const auto network = small_cnn().make({8, 8, 1}, 2);
  Trained trained;
  Trainer trainer(plan, *network, train, validation);
  trained.result = trainer.run([&](const EpochResult& epoch) { trained.epochs.push_back(epoch); });
  return trained;
}

LoopPlan short_plan() {
  LoopPlan plan;
  plan.batch = 8;
  plan.max_epochs = 4;
  plan.learning_rate.base = 0.01;
  plan.stop.patience.reset();
  return plan;
}

TEST(Trainer, LearnsWhatCanBeLearned) {
  const Trained trained = train_halves(short_plan());
  EXPECT_EQ(trained.result.reason, StopReason::all_epochs);
  EXPECT_EQ(trained.result.epochs, 4);
  EXPECT_EQ(trained.result.best, 1.0);
  EXPECT_LT(*trained.epochs.back().train_loss, *trained.epochs.front().train_loss);
}

TEST(Trainer, KeepsTheLastPartOfABatch) {
  const Trained trained = train_halves(short_plan());
  EXPECT_EQ(trained.epochs[0].samples, 50);
  EXPECT_EQ(trained.epochs[0].steps, 7);
}

TEST(Trainer, MakesOneStepWhenTheBatchHoldsMoreThanAll) {
  LoopPlan plan = short_plan();
  plan.batch = 4096;
  EXPECT_EQ(train_halves(plan).epochs[0].steps, 1);
}

TEST(Trainer, GivesTheSameNumbersForTheSameSeed) {
  const Trained first = train_halves(short_plan());
  const Trained second = train_halves(short_plan());
  LoopPlan other = short_plan();
  other.seed = 1;
  for (std::size_t i = 0; i < first.epochs.size(); ++i) {
    EXPECT_EQ(first.epochs[i].train_loss, second.epochs[i].train_loss);
    EXPECT_EQ(first.epochs[i].validation->loss, second.epochs[i].validation->loss);
  }
  EXPECT_NE(first.epochs[0].train_loss, train_halves(other).epochs[0].train_loss);
}

TEST(Trainer, EndsAtTheGoalWithItsBestEpoch) {
  LoopPlan plan = short_plan();
  plan.max_epochs = 100;
  plan.stop.stop_at = 0.99;
  const Trained trained = train_halves(plan);
  EXPECT_EQ(trained.result.reason, StopReason::reached);
  EXPECT_EQ(trained.result.best_epoch, trained.result.epochs - 1);
}

TEST(Trainer, EndsWithoutProgress) {
  LoopPlan plan = short_plan();
  plan.max_epochs = 100;
  plan.learning_rate.base = 1e-12;
  plan.stop.patience = 3;
  const Trained trained = train_halves(plan);
  EXPECT_EQ(trained.result.reason, StopReason::no_progress);
  EXPECT_EQ(trained.result.epochs, 4);
}

TEST(Trainer, CallsALossThatIsNotFiniteDiverged) {
  LoopPlan plan = short_plan();
  plan.optimizer.kind = OptimizerKind::sgd;
  plan.learning_rate.base = 1e20;
  const Trained trained = train_halves(plan);
  EXPECT_EQ(trained.result.reason, StopReason::diverged);
  EXPECT_EQ(trained.epochs.back().train_loss, std::nullopt);
  EXPECT_FALSE(trained.epochs.back().validation.has_value());
}

TEST(Score, IsThatOfGuessingForANetworkThatSaysNothing) {
  const ResidentImages images(halves(20), 0.4F, 0.3F, "cpu");
  const auto network = small_cnn().make({8, 8, 1}, 2);
  FlatParameters flat(network->module());
  flat.values().zero_();
  const Score result = score(*network, images);
  EXPECT_EQ(result.accuracy, 0.5);
  EXPECT_NEAR(result.loss, std::log(2.0), 1e-6);
}

}  // namespace
}  // namespace gradwatt
