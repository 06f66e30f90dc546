#include "train/class_task.h"

#include "train/resnet.h"
#include "train/tensors.h"
#include "train/tiny_training_test.h"

#include <gtest/gtest.h>
#include <torch/nn/module.h>

#include <cmath>

namespace gradwatt {
namespace {

TEST(SmoothedLoss, GivesSomeOfTheLabelToAllClasses) {
  const at::Tensor scores = at::tensor({std::log(3.0F), 0.0F}).view({1, 2});
  const at::Tensor classes = at::tensor({0}, at::kLong);
  const double expected = -0.9 * std::log(0.75) - 0.1 * std::log(0.25);
  EXPECT_NEAR(smoothed_loss(scores, classes, 0.2).item<double>(), expected, 1e-6);
}

// Recorded by tests/parity/record_schedules.py, which asks PyTorch.
TEST(SmoothedLoss, IsPyTorchs) {
  const at::Tensor scores = at::tensor({2.0F, -1.0F, 0.5F, 0.1F, 0.2F, 0.3F}).view({2, 3});
  const at::Tensor classes = at::tensor({0, 1}, at::kLong);
  EXPECT_NEAR(smoothed_loss(scores, classes, 0).item<double>(), 0.671627104, 1e-6);
  EXPECT_NEAR(smoothed_loss(scores, classes, 0.1).item<double>(), 0.746627092, 1e-6);
}

TEST(AccuracyAmong, CountsTheClassAmongTheHighest) {
  const at::Tensor scores = at::tensor({3.0F, 1.0F, 2.0F, 1.0F, 2.0F, 3.0F}).view({2, 3});
  const at::Tensor classes = at::tensor({0, 0}, at::kLong);
  EXPECT_EQ(accuracy_among(1, scores, classes).item<double>(), 0.5);
  EXPECT_EQ(accuracy_among(2, scores, classes).item<double>(), 0.5);
  EXPECT_EQ(accuracy_among(3, scores, classes).item<double>(), 1);
  EXPECT_EQ(accuracy_among(5, scores, classes).item<double>(), 1);
}

TEST(ClassTask, SmoothsLabelsInTrainingAlone) {
  const TaskSpec plain{.model = model_named("small-cnn"), .shape = {1, 8, 8}, .classes = 2};
  TaskSpec smoothed = plain;
  smoothed.label_smoothing = 0.3;
  smoothed.has_top5 = true;
  const at::Tensor inputs = at::linspace(-1, 1, 128).view({2, 1, 8, 8});
  const at::Tensor classes = at::tensor({0, 1}, at::kLong);
  const at::Tensor none;
  const Batch batch{inputs, classes, none, 2};
  const auto losses = [&](const TaskSpec& spec, MetricSums& sums) {
    seed_weights(1);
    const auto task = class_task(spec, false);
    task->set_training(false);
    return std::pair(task->loss(batch, nullptr).item<double>(),
                     task->loss(batch, &sums).item<double>());
  };
  MetricSums of_plain;
  MetricSums of_smoothed;
  const auto [plain_training, plain_evaluation] = losses(plain, of_plain);
  const auto [smoothed_training, smoothed_evaluation] = losses(smoothed, of_smoothed);
  EXPECT_EQ(plain_training, plain_evaluation);
  EXPECT_NE(smoothed_training, plain_training);
  EXPECT_EQ(smoothed_evaluation, plain_evaluation);
  EXPECT_EQ(of_plain.means().size(), 2U);
  EXPECT_EQ(score_named(of_smoothed.means(), "val_top5"), 1.0);
}

/// torchvision: He's normal distribution over the outputs, all normalisations 1 and 0, also the
/// last of each block.
TEST(ResNet50, StartsAsTorchvisionsDoes) {
  seed_weights(3);
  const auto network = model_named("resnet50").make_encoder({3, 64, 64});
  int convolutions = 0;
  for (const auto& item : network->module().named_parameters()) {
    const at::Tensor& parameter = item.value();
    if (parameter.dim() == 4) {
      const auto outputs =
          static_cast<double>(parameter.size(0) * parameter.size(2) * parameter.size(3));
      const double expected = std::sqrt(2 / outputs);
      EXPECT_NEAR(parameter.std().item<double>() / expected, 1, 0.05) << item.key();
      EXPECT_NEAR(parameter.mean().item<double>() / expected, 0, 0.05) << item.key();
      ++convolutions;
    } else {
      const bool is_scale = item.key().ends_with("weight");
      EXPECT_TRUE(parameter.eq(is_scale ? 1 : 0).all().item<bool>()) << item.key();
    }
  }
  EXPECT_EQ(convolutions, 53);
}

}  // namespace
}  // namespace gradwatt
