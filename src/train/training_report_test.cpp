#include "train/training_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

TEST(TrainingReport, SaysOneLinePerEpoch) {
  const EpochResult result{.epoch = 3,
                           .train_loss = 0.4012,
                           .validation = {{"val_loss", 0.39}, {"val_acc", 0.8612}},
                           .samples = 50000,
                           .steps = 196,
                           .train_s = 1};
  EXPECT_EQ(epoch_line(result),
            "epoch   3  train_loss 0.4012  val_loss 0.3900  val_acc 0.8612  50000 samples/s");
}

TEST(TrainingReport, SaysInWordsThatALossIsNotFinite) {
  const EpochResult result{.epoch = 0, .samples = 100, .train_s = 1};
  EXPECT_EQ(epoch_line(result), "epoch   0  train_loss not finite  100 samples/s");
}

TEST(TrainingReport, ShowsSlowTrainingsSpeedWithThreeDigits) {
  const EpochResult result{.epoch = 0, .samples = 5, .train_s = 12};
  EXPECT_EQ(epoch_line(result), "epoch   0  train_loss not finite  0.417 samples/s");
}

TEST(TrainingReport, SaysWhyTrainingEnded) {
  const StopRule rule{.monitor = Metric::val_acc, .patience = 3, .stop_at = 0.86};
  TrainingResult result{StopReason::reached, 7, 6, 0.8612, 50000};
  EXPECT_EQ(closing_lines(result, rule),
            "stopped: val_acc reached 0.86 after 7 epochs\n"
            "best val_acc 0.8612 in epoch 6  training 50000 samples/s\n");
  result.reason = StopReason::no_progress;
  EXPECT_THAT(closing_lines(result, rule), HasSubstr("no progress of val_acc in 3 epochs"));
  result = {StopReason::diverged, 1, {}, {}, 50000};
  EXPECT_EQ(closing_lines(result, rule),
            "stopped: diverged, the loss of epoch 0 is not finite (try a smaller --lr)\n"
            "training 50000 samples/s\n");
}

TEST(TrainingReport, CallsATrainingInputBoundThatWaitsForMoreThanTwoPerCentOfItsTime) {
  TrainingResult result;
  result.train_s = 10;
  EXPECT_EQ(input_bound_share(result), std::nullopt);  // Resident inputs are never waited for.
  result.starved_s = 0.1;
  EXPECT_EQ(input_bound_share(result), std::nullopt);
  result.starved_s = 2.5;
  EXPECT_EQ(input_bound_share(result), 0.25);
}

}  // namespace
}  // namespace gradwatt
