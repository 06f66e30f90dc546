#include "train/checkpoint.h"

#include "base/error.h"
#include "train/task_tensors.h"
#include "train/tensors.h"
#include "train/tiny_training_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace gradwatt {
namespace {

using testing::HasSubstr;

class CheckpointTest : public testing::Test {
 protected:
  CheckpointTest() {
    std::string pattern = testing::TempDir() + "gradwatt-checkpoint-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    options_ = short_training();
    options_.settings = "lr=0.01\nseed=0\n";
    options_.loop.max_epochs = 5;
  }
  ~CheckpointTest() override { std::filesystem::remove_all(folder_); }

  TrainerOptions saving(std::int64_t steps) const {
    TrainerOptions options = options_;
    options.checkpoint = {(folder_ / "state.safetensors").string(), steps, true};
    return options;
  }

  /// Trains until `epochs` epochs are reported, then is gone as if it had been killed.
  void train_and_die(const TrainerOptions& options, int epochs) const {
    const TrainingData data = halves_data();
    const auto train = make_examples(data, data.train, {});
    const auto validation = make_examples(data, data.validation, {});
    seed_weights(0);
    const auto task = paradigm_named("classify").make({model_named("resnet18"), data.shape, 2, 1});
    struct Killed {};
    try {
      Trainer(options, *task, *train, *validation).run([&](const EpochResult& epoch) {
        if (epoch.epoch == epochs) {
          throw Killed();
        }
      });
    } catch (const Killed&) {
    }
  }

  static void expect_same(Trained& a, Trained& b) {
    ASSERT_FALSE(a.epochs.empty());
    ASSERT_FALSE(b.epochs.empty());
    EXPECT_EQ(a.epochs.back().train_loss, b.epochs.back().train_loss);
    EXPECT_EQ(a.epochs.back().validation, b.epochs.back().validation);
    EXPECT_EQ(a.result.best, b.result.best);
    EXPECT_EQ(a.result.best_epoch, b.result.best_epoch);
    EXPECT_EQ(a.result.epochs, b.result.epochs);
    for (std::size_t part = 0; part < 2; ++part) {
      const auto left = tensors_of(a.task->parts()[part]);
      const auto right = tensors_of(b.task->parts()[part]);
      for (std::size_t i = 0; i < left.size(); ++i) {
        EXPECT_TRUE(left[i].tensor.equal(right[i].tensor)) << left[i].name;
      }
    }
  }

  std::filesystem::path folder_;
  TrainerOptions options_;
};

TEST_F(CheckpointTest, RemembersThePlateau) {
  options_.loop.max_epochs = 7;
  options_.loop.learning_rate.schedule = Schedule::plateau;
  options_.loop.learning_rate.plateau = {.factor = 0.1, .patience = 1, .threshold = 0.9};
  Trained straight = train_halves(options_, "classify", "resnet18");
  train_and_die(saving(0), 4);
  Trained resumed = train_halves(saving(0), "classify", "resnet18");
  EXPECT_LT(straight.epochs.back().learning_rate, straight.epochs.front().learning_rate);
  EXPECT_EQ(straight.epochs.back().learning_rate, resumed.epochs.back().learning_rate);
  expect_same(straight, resumed);
}

TEST_F(CheckpointTest, GoesOnAfterAnEpochAsIfNothingHadHappened) {
  Trained straight = train_halves(options_, "classify", "resnet18");
  train_and_die(saving(0), 2);
  Trained resumed = train_halves(saving(0), "classify", "resnet18");
  EXPECT_EQ(resumed.epochs.front().epoch, 2);
  expect_same(straight, resumed);
}

TEST_F(CheckpointTest, GoesOnInTheMiddleOfAnEpoch) {
  Trained straight = train_halves(options_, "classify", "resnet18");
  // The report of epoch 2 comes before its own checkpoint: the last one is of its fifth step.
  train_and_die(saving(5), 2);
  Trained resumed = train_halves(saving(5), "classify", "resnet18");
  EXPECT_EQ(resumed.epochs.front().epoch, 2);
  EXPECT_EQ(resumed.epochs.front().steps, 2);
  expect_same(straight, resumed);
}

TEST_F(CheckpointTest, SaysTheSameWhenATrainingThatEndedIsResumed) {
  const Trained first = train_halves(saving(0));
  const Trained again = train_halves(saving(0));
  EXPECT_TRUE(again.epochs.empty());
  EXPECT_EQ(again.result.best, first.result.best);
  EXPECT_EQ(again.result.reason, first.result.reason);
  TrainerOptions longer = saving(0);
  longer.loop.max_epochs = 7;
  EXPECT_EQ(train_halves(longer).epochs.size(), 2U);
}

TEST_F(CheckpointTest, RefusesOtherSettingsAndNamesThem) {
  (void)train_halves(saving(0));
  TrainerOptions other = saving(0);
  other.settings = "lr=0.02\nseed=0\n";
  try {
    (void)train_halves(other);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("lr=0.01 in the file, lr=0.02 now"));
  }
}

TEST_F(CheckpointTest, RefusesAnotherNetwork) {
  (void)train_halves(saving(0));
  EXPECT_THROW((void)train_halves(saving(0), "pretrain"), Error);
}

}  // namespace
}  // namespace gradwatt
