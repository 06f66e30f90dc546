#include "train/trainer.h"

#include "train/class_task.h"
#include "train/flat_parameters.h"
#include "train/parallel/comm.h"
#include "train/task_tensors.h"
#include "train/tensors.h"
#include "train/tiny_training_test.h"

#include <gtest/gtest.h>

#include <cmath>
#include <new>

namespace gradwatt {
namespace {

/// A classifier for which memory runs out in one of its losses, counted from 1; 0: in none.
class ShortOfMemory final : public Task {
 public:
  ShortOfMemory(const Model& model, const InputShape& shape, int failing)
      : Task({"", model.make_encoder(shape)}), failing_(failing) {
    add_part({"", model.make_head(model.latent_size(shape), 2)});
  }
  at::Tensor loss(const Batch& batch, MetricSums* metrics) override {
    if (++calls_ == failing_) {
      throw std::bad_alloc();
    }
    const at::Tensor answer = scores(1, latents(batch));
    if (metrics != nullptr) {
      metrics->add("val_acc", class_accuracy(answer, batch.classes), batch.size);
    }
    return at::cross_entropy_loss(answer, batch.classes);
  }

 private:
  int failing_;
  int calls_ = 0;
};

TEST(Trainer, LearnsWhatCanBeLearned) {
  const Trained trained = train_halves(short_training());
  EXPECT_EQ(trained.result.reason, StopReason::all_epochs);
  EXPECT_EQ(trained.result.epochs, 4);
  EXPECT_EQ(trained.result.best, 1.0);
  EXPECT_LT(*trained.epochs.back().train_loss, *trained.epochs.front().train_loss);
}

TEST(Trainer, KeepsTheLastPartOfABatch) {
  const Trained trained = train_halves(short_training());
  EXPECT_EQ(trained.epochs[0].samples, 50);
  EXPECT_EQ(trained.epochs[0].steps, 7);
}

TEST(Trainer, MakesOneStepWhenTheBatchHoldsMoreThanAll) {
  TrainerOptions plan = short_training();
  plan.loop.batch = 4096;
  EXPECT_EQ(train_halves(plan).epochs[0].steps, 1);
}

TEST(Trainer, GivesTheSameNumbersForTheSameSeed) {
  const Trained first = train_halves(short_training());
  const Trained second = train_halves(short_training());
  TrainerOptions other = short_training();
  other.loop.seed = 1;
  for (std::size_t i = 0; i < first.epochs.size(); ++i) {
    EXPECT_EQ(first.epochs[i].train_loss, second.epochs[i].train_loss);
    EXPECT_EQ(first.epochs[i].validation, second.epochs[i].validation);
  }
  EXPECT_NE(first.epochs[0].train_loss, train_halves(other).epochs[0].train_loss);
}

TEST(Trainer, EndsAtTheGoalWithItsBestEpoch) {
  TrainerOptions plan = short_training();
  plan.loop.max_epochs = 100;
  plan.loop.stop.stop_at = 0.99;
  const Trained trained = train_halves(plan);
  EXPECT_EQ(trained.result.reason, StopReason::reached);
  EXPECT_EQ(trained.result.best_epoch, trained.result.epochs - 1);
}

TEST(Trainer, EndsWithoutProgress) {
  TrainerOptions plan = short_training();
  plan.loop.max_epochs = 100;
  plan.loop.learning_rate.base = 1e-12;
  plan.loop.stop.patience = 3;
  const Trained trained = train_halves(plan);
  EXPECT_EQ(trained.result.reason, StopReason::no_progress);
  EXPECT_EQ(trained.result.epochs, 4);
}

TEST(Trainer, CallsALossThatIsNotFiniteDiverged) {
  TrainerOptions plan = short_training();
  plan.loop.optimizer.kind = OptimizerKind::sgd;
  plan.loop.learning_rate.base = 1e20;
  const Trained trained = train_halves(plan);
  EXPECT_EQ(trained.result.reason, StopReason::diverged);
  EXPECT_EQ(trained.epochs.back().train_loss, std::nullopt);
  EXPECT_TRUE(trained.epochs.back().validation.empty());
}

TEST(Trainer, GivesTheSameNumbersWhenGradientsAreAccumulated) {
  TrainerOptions plan = short_training();
  const Trained whole = train_halves(plan);
  plan.loop.micro_batch = 3;
  const Trained parts = train_halves(plan);
  EXPECT_EQ(parts.result.micro_batch, 3);
  EXPECT_EQ(parts.epochs[0].steps, whole.epochs[0].steps);
  for (std::size_t i = 0; i < whole.epochs.size(); ++i) {
    // Sums of gradients in another order.
    EXPECT_NEAR(*whole.epochs[i].train_loss, *parts.epochs[i].train_loss, 1e-4);
  }
}

TEST(Trainer, CountsAStepOnceWhoseMemoryRanOutHalfway) {
  const TrainingData data = halves_data();
  const auto first_loss = [&](std::int64_t at_once, int failing) {
    seed_weights(0);
    ShortOfMemory task(model_named("small-cnn"), data.shape, failing);
    const auto train = make_examples(data, data.train, {});
    const auto validation = make_examples(data, data.validation, {});
    TrainerOptions plan = short_training();
    plan.loop.max_epochs = 1;
    plan.loop.micro_batch = at_once;
    std::optional<double> loss;
    const TrainingResult result =
        Trainer(plan, task, *train, *validation).run([&](const EpochResult& epoch) {
          loss = epoch.train_loss;
        });
    EXPECT_EQ(result.micro_batch, 3);
    return loss;
  };
  // Of 8 samples: 4 and 4, of which the second fails, then 3, 3 and 2.
  EXPECT_EQ(first_loss(6, 2), first_loss(3, 0));
}

TEST(Trainer, TrainsEveryParadigmOfImages) {
  TrainerOptions plan = short_training();
  plan.loop.max_epochs = 8;
  for (const Paradigm& paradigm : paradigms()) {
    if (paradigm.forecast_steps > 0) {
      continue;
    }
    plan.loop.stop.monitor = paradigm.monitor;
    const Trained trained = train_halves(plan, paradigm.name.data());
    EXPECT_LT(*trained.epochs.back().train_loss, *trained.epochs.front().train_loss)
        << paradigm.name;
    EXPECT_EQ(score_named(trained.epochs.back().validation, "val_acc").has_value(),
              paradigm.monitor == Metric::val_acc)
        << paradigm.name;
  }
}

TEST(Trainer, ReportsBothAccuraciesOfTwoTasksAndTheirMean) {
  const Trained trained = train_halves(short_training(), "multitask");
  const Scores& scores = trained.epochs.back().validation;
  EXPECT_NEAR(
      *score_named(scores, "val_acc"),
      (*score_named(scores, "val_acc_identity") + *score_named(scores, "val_acc_attributes")) / 2,
      1e-6);
}

TEST(Trainer, LeavesAFrozenEncoderAsItIs) {
  const TrainingData data = halves_data();
  seed_weights(0);
  const auto task = paradigm_named("frozen").make({model_named("resnet18"), data.shape, 2, 1});
  std::vector<at::Tensor> before;
  for (const NamedTensor& named : tensors_of(task->encoder())) {
    before.push_back(named.tensor.clone());
  }
  const auto train = make_examples(data, data.train, {});
  const auto validation = make_examples(data, data.validation, {});
  Trainer(short_training(), *task, *train, *validation).run([](const EpochResult&) {});
  std::size_t i = 0;
  for (const NamedTensor& named : tensors_of(task->encoder())) {
    EXPECT_TRUE(named.tensor.equal(before[i++])) << named.name;
  }
}

TEST(Trainer, TrainsTheSameOnFeaturesThatWereKept) {
  const TrainingData data = halves_data();
  const auto losses = [&](bool keep) {
    seed_weights(0);
    const auto task = paradigm_named("frozen").make({model_named("small-cnn"), data.shape, 2, 1});
    auto train = make_examples(data, data.train, {});
    auto validation = make_examples(data, data.validation, {});
    if (keep) {
      task->set_training(false);
      train = encoded(*train, *task->encoder().network);
      validation = encoded(*validation, *task->encoder().network);
      task->take_latents();
    }
    std::vector<double> all;
    Trainer(short_training(), *task, *train, *validation).run([&](const EpochResult& epoch) {
      all.push_back(*epoch.train_loss);
    });
    return all;
  };
  const std::vector<double> direct = losses(false);
  const std::vector<double> kept = losses(true);
  for (std::size_t i = 0; i < direct.size(); ++i) {
    EXPECT_NEAR(direct[i], kept[i], 1e-6);
  }
}

TEST(Trainer, LeavesOutABatchOfOneWhereTheNetworkNormalisesOverTheBatch) {
  TrainerOptions plan = short_training();
  plan.loop.max_epochs = 1;
  plan.loop.batch = 7;  // 50 samples: seven batches and one sample
  EXPECT_EQ(train_halves(plan, "classify", "resnet18").epochs[0].samples, 49);
  EXPECT_EQ(train_halves(plan).epochs[0].samples, 50);
}

TEST(Score, IsThatOfGuessingForANetworkThatSaysNothing) {
  const TrainingData data = halves_data();
  const auto images = make_examples(data, data.validation, {});
  const auto task = paradigm_named("classify").make({model_named("small-cnn"), data.shape, 2, 1});
  FlatParameters flat(trained_modules(*task));
  flat.values().zero_();
  const Scores result = score(*task, *images, {}, *alone());
  EXPECT_EQ(*score_named(result, "val_acc"), 0.5);
  EXPECT_NEAR(*score_named(result, "val_loss"), std::log(2.0), 1e-6);
}

TEST(Trainer, EvaluatesTheTrainingSetWhenAskedTo) {
  TrainerOptions plan = short_training();
  const Trained without = train_halves(plan);
  EXPECT_TRUE(without.epochs.back().training.empty());
  plan.loop.eval_train = true;
  const Trained with = train_halves(plan);
  EXPECT_EQ(score_named(with.epochs.back().training, "eval_train_acc"), 1.0);
  EXPECT_LT(*score_named(with.epochs.back().training, "eval_train_loss"),
            *with.epochs.front().train_loss);
  EXPECT_EQ(with.epochs.back().validation, without.epochs.back().validation);
}

TEST(Trainer, CutsTheRateWhereTheLossStopsFalling) {
  TrainerOptions plan = short_training();
  plan.loop.max_epochs = 7;
  plan.loop.learning_rate.schedule = Schedule::plateau;
  plan.loop.learning_rate.warmup_epochs = 1;
  // With these rates no change of the loss is large enough: the first epoch after the warm-up is
  // the best.
  plan.loop.learning_rate.base = 1e-9;
  plan.loop.learning_rate.plateau = {.factor = 0.5, .patience = 1, .threshold = 0.5};
  std::vector<double> rates;
  for (const EpochResult& epoch : train_halves(plan).epochs) {
    rates.push_back(epoch.learning_rate);
  }
  ASSERT_EQ(rates.size(), 7U);
  const std::vector<double> after{1e-9, 1e-9, 1e-9, 5e-10, 5e-10, 2.5e-10};
  EXPECT_EQ(std::vector<double>(rates.begin() + 1, rates.end()), after);
}

}  // namespace
}  // namespace gradwatt
