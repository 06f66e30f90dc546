#include "train/train_command.h"

#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TrainingPlan plan_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "fashion-classify");
  return std::get<TrainRequest>(parse_train_command(std::move(arguments), 2)).plan;
}

std::string text_of(std::vector<std::string> arguments) {
  return std::get<std::string>(parse_train_command(std::move(arguments), 2));
}

std::string refusal(std::vector<std::string> arguments) {
  try {
    (void)parse_train_command(std::move(arguments), 2);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(TrainCommand, StartsFromTheWorkloadsDefaults) {
  const TrainingPlan plan = plan_of({});
  EXPECT_EQ(plan.loop.batch, 256);
  EXPECT_EQ(plan.loop.stop.patience, 5);
  EXPECT_EQ(plan.loop.stop.stop_at, std::nullopt);
  EXPECT_EQ(plan.machine.threads, 2);
}

TEST(TrainCommand, ReadsWhatASweepWrites) {
  const TrainingPlan plan = plan_of({"--batch=64",
                                     "--lr=1e-1",
                                     "--max-epochs=7",
                                     "--optimizer=sgd",
                                     "--monitor=train_loss",
                                     "--stop-at=0.5",
                                     "--schedule=cosine",
                                     "--train-samples=1000",
                                     "--patience=0"});
  EXPECT_EQ(plan.parallel.global_batch, 64);
  EXPECT_EQ(plan.loop.learning_rate.base, 0.1);
  EXPECT_EQ(plan.loop.learning_rate.schedule, Schedule::cosine);
  EXPECT_EQ(plan.loop.max_epochs, 7);
  EXPECT_EQ(plan.loop.optimizer.kind, OptimizerKind::sgd);
  EXPECT_EQ(plan.loop.stop.monitor, Metric::train_loss);
  EXPECT_EQ(plan.loop.stop.stop_at, 0.5);
  EXPECT_EQ(plan.loop.stop.patience, std::nullopt);
  EXPECT_EQ(plan.data.train_samples, 1000);
}

TEST(TrainCommand, TakesTheFlagsBeforeTheWorkloadToo) {
  const auto command = parse_train_command({"--epochs", "3", "fashion-classify"}, 2);
  EXPECT_EQ(std::get<TrainRequest>(command).plan.loop.max_epochs, 3);
}

TEST(TrainCommand, NamesTheFlagAndTheMistake) {
  EXPECT_THAT(refusal({"fashion-classify", "--batch=0"}),
              AllOf(HasSubstr("--batch"), HasSubstr("0 is not a number above 0")));
  EXPECT_THAT(refusal({"fashion-classify", "--batch=1.5"}), HasSubstr("--batch"));
  EXPECT_THAT(refusal({"fashion-classify", "--lr=fast"}), HasSubstr("--lr"));
  EXPECT_THAT(refusal({"fashion-classify", "--lr=nan"}), HasSubstr("--lr"));
  EXPECT_THAT(refusal({"fashion-classify", "--momentum=1"}), HasSubstr("below 1"));
  EXPECT_THAT(refusal({"fashion-classify", "--optimizer=sdg"}),
              AllOf(HasSubstr("--optimizer"), HasSubstr("sdg is not one of adam|lars|sgd")));
  EXPECT_THAT(refusal({"fashion-classify", "--device=tpu"}), HasSubstr("cpu|cuda"));
  EXPECT_THAT(refusal({"fashion-classify", "--seed=-1"}), HasSubstr("--seed"));
}

TEST(TrainCommand, GuessesWhatWasMeant) {
  EXPECT_THAT(refusal({"fashon-classify"}), HasSubstr("did you mean fashion-classify?"));
  EXPECT_THAT(refusal({"fashion-classify", "--bacth=3"}), HasSubstr("did you mean --batch?"));
  EXPECT_THAT(refusal({}), HasSubstr("--list"));
  EXPECT_THAT(refusal({"fashion-classify", "other"}), HasSubstr("one workload"));
}

TEST(TrainCommand, ListsTheCatalogsWithTheirFlags) {
  EXPECT_THAT(text_of({"--list"}),
              AllOf(HasSubstr("fashion-classify"),
                    HasSubstr("fashion-mnist"),
                    HasSubstr("small-cnn"),
                    HasSubstr("--batch INT"),
                    HasSubstr("--train-samples INT")));
  EXPECT_THAT(text_of({"--help"}), HasSubstr("--max-epochs"));
}

TEST(TrainCommand, StartsImagenetAsTheStudyDid) {
  const auto request = std::get<TrainRequest>(parse_train_command({"imagenet-classify"}, 2));
  const TrainingPlan& plan = request.plan;
  EXPECT_EQ(plan.model, "resnet50");
  EXPECT_EQ(plan.data.mode, InputMode::streamed);
  EXPECT_EQ(plan.loop.optimizer.kind, OptimizerKind::sgd);
  EXPECT_EQ(plan.loop.optimizer.weight_decay, 1e-4);
  EXPECT_DOUBLE_EQ(plan.loop.learning_rate.at({0, 100, 8192}), 0.1);
  EXPECT_DOUBLE_EQ(plan.loop.learning_rate.at({5, 100, 8192}), 3.2);
  EXPECT_EQ(plan.loop.stop.patience, std::nullopt);
}

TEST(TrainCommand, ReadsSchedulesOptimizersAndCrops) {
  const TrainingPlan plan = plan_of({"--schedule=milestones",
                                     "--milestones=0.5,0.75",
                                     "--lr-batch=128",
                                     "--warmup-steps=gradual",
                                     "--plateau-patience=3",
                                     "--optimizer=lars",
                                     "--trust=0.02",
                                     "--subset=1/256",
                                     "--eval-crop=centre",
                                     "--label-smoothing=0.1",
                                     "--eval-train"});
  EXPECT_EQ(plan.loop.learning_rate.schedule, Schedule::milestones);
  EXPECT_EQ(plan.loop.learning_rate.milestones, (std::vector<double>{0.5, 0.75}));
  EXPECT_EQ(plan.loop.learning_rate.for_batch, 128);
  EXPECT_EQ(plan.loop.learning_rate.warmup, WarmUp::gradual);
  EXPECT_EQ(plan.loop.learning_rate.plateau.patience, 3);
  EXPECT_EQ(plan.loop.optimizer.kind, OptimizerKind::lars);
  EXPECT_EQ(plan.loop.optimizer.trust, 0.02);
  EXPECT_EQ(plan.data.subset, 1.0 / 256);
  EXPECT_EQ(plan.data.eval_crop, EvalCrop::middle);
  EXPECT_EQ(plan.label_smoothing, 0.1);
  EXPECT_TRUE(plan.loop.eval_train);
}

TEST(TrainCommand, RefusesSharesThatAreNone) {
  for (const char* share : {"0", "1.5", "-1", "1/0", "a", "1/4x", ""}) {
    EXPECT_THAT(refusal({std::string("--subset=") + share}), HasSubstr("--subset")) << share;
  }
  EXPECT_THAT(refusal({"--milestones=0.6,0.3"}), HasSubstr("--milestones"));
  EXPECT_THAT(refusal({"--milestones=0.6,x"}), HasSubstr("--milestones"));
  EXPECT_THAT(refusal({"--schedule=cosines"}), HasSubstr("constant|cosine|milestones"));
}

TEST(TrainCommand, ShowsTheChoiceThatAFamilyMakes) {
  EXPECT_THAT(text_of({"--list"}),
              AllOf(HasSubstr("course of the learning rate [plateau]"),
                    HasSubstr("course of the learning rate [constant]"),
                    HasSubstr("or by threads in every epoch [streamed]")));
}

}  // namespace
}  // namespace gradwatt
