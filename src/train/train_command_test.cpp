#include "train/train_command.h"

#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TrainingPlan plan_for(const char* workload, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), workload);
  return std::get<TrainRequest>(parse_train_command(std::move(arguments), 2)).plan;
}

TrainingPlan plan_of(std::vector<std::string> arguments) {
  return plan_for("fashion-classify", std::move(arguments));
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
                                     "--label-smoothing=0.1",
                                     "--eval-train"});
  EXPECT_EQ(plan.loop.learning_rate.schedule, Schedule::milestones);
  EXPECT_EQ(plan.loop.learning_rate.milestones, (std::vector<double>{0.5, 0.75}));
  EXPECT_EQ(plan.loop.learning_rate.for_batch, 128);
  EXPECT_EQ(plan.loop.learning_rate.warmup, WarmUp::gradual);
  EXPECT_EQ(plan.loop.learning_rate.plateau.patience, 3);
  EXPECT_EQ(plan.loop.optimizer.kind, OptimizerKind::lars);
  EXPECT_EQ(plan.loop.optimizer.trust, 0.02);
  EXPECT_EQ(plan.label_smoothing, 0.1);
  EXPECT_TRUE(plan.loop.eval_train);
  const DataPlan photographs =
      plan_for("imagenet-classify", {"--subset=1/256", "--eval-crop=centre"}).data;
  EXPECT_EQ(photographs.subset, 1.0 / 256);
  EXPECT_EQ(photographs.eval_crop, EvalCrop::middle);
}

TEST(TrainCommand, RefusesSharesThatAreNone) {
  for (const char* share : {"0", "1.5", "-1", "1/0", "a", "1/4x", ""}) {
    EXPECT_THAT(refusal({std::string("--subset=") + share}), HasSubstr("--subset")) << share;
  }
  EXPECT_THAT(refusal({"--milestones=0.6,0.3"}), HasSubstr("--milestones"));
  EXPECT_THAT(refusal({"--milestones=0.6,x"}), HasSubstr("--milestones"));
  EXPECT_THAT(refusal({"--schedule=cosines"}), HasSubstr("constant|cosine|milestones"));
}

TEST(TrainCommand, RefusesFlagsOfOtherWorkloads) {
  EXPECT_THAT(refusal({"celeba-identity", "--window=64"}),
              AllOf(HasSubstr("--window: has no effect on celeba-identity"),
                    HasSubstr("it is for pamap2-*")));
  EXPECT_THAT(refusal({"pamap2-joint", "--identities=10"}), HasSubstr("it is for celeba-*"));
  EXPECT_THAT(refusal({"fashion-identity", "--alpha=0.3"}), HasSubstr("it is for *-multitask"));
  EXPECT_THAT(refusal({"pamap2-joint", "--input=streamed"}), HasSubstr("--input"));
  EXPECT_THAT(refusal({"fashion-joint", "--workers=2"}), HasSubstr("--workers"));
  EXPECT_EQ(refusal({"fashion-multitask", "--alpha=0.3"}), "accepted");
}

TEST(TrainCommand, ReadsWhichRecordingsOfPamap2AreUsed) {
  EXPECT_FALSE(plan_for("pamap2-joint", {}).data.pamap2.with_optional);
  EXPECT_TRUE(plan_for("pamap2-joint", {"--with-optional"}).data.pamap2.with_optional);
}

TEST(TrainCommand, PretrainsANetworkThatHasADecoder) {
  for (const char* workload : {"celeba-pretrain", "celeba-frozen", "celeba-unfrozen"}) {
    EXPECT_EQ(plan_for(workload, {}).model, "small-cnn") << workload;
  }
  EXPECT_EQ(plan_for("celeba-joint", {}).model, "resnet18");
}

TEST(TrainCommand, ListsTheFlagsOfAFamilyOnly) {
  const std::string text = text_of({"--list"});
  const auto mention = [&](const std::string& flag) {
    std::size_t count = 0;
    for (std::size_t at = text.find(flag); at != std::string::npos; at = text.find(flag, at + 1)) {
      ++count;
    }
    return count;
  };
  EXPECT_EQ(mention("--identities INT"), 1U);
  EXPECT_EQ(mention("--size INT"), 2U);
}

TEST(TrainCommand, ShowsTheChoiceThatAFamilyMakes) {
  EXPECT_THAT(text_of({"--list"}),
              AllOf(HasSubstr("course of the learning rate [plateau]"),
                    HasSubstr("course of the learning rate [constant]"),
                    HasSubstr("or by threads in every epoch [streamed]")));
}

}  // namespace
}  // namespace gradwatt
