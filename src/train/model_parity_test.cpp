#include "train/flat_parameters.h"
#include "train/models/catalog.h"
#include "train/optimizer.h"
#include "train/paradigms/catalog.h"
#include "train/parity_record_test.h"
#include "train/task_tensors.h"
#include "train/tensors.h"

#include <gtest/gtest.h>
#include <torch/nn/modules/dropout.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

/// What tests/parity/record_parity.py computed, whose header has the formulas of all values.
struct ParityRecord {
  const char* model;
  InputShape shape;
  std::int64_t batch;
  int classes;
  bool autoencoder = false;
  bool in_double = false;  ///< In float32 processors differ by more than the parity asked for.

  [[nodiscard]] std::string name() const {
    return std::string(model) + (autoencoder ? "-decoder" : "");
  }
};

constexpr std::int64_t kWindow = 168;
const ParityRecord kRecords[] = {{"small-cnn", {1, 28, 28}, 8, 10},
                                 {"small-cnn", {1, 28, 28}, 8, 10, true},
                                 {"har-cnn", {36, 0, kWindow}, 6, 12},
                                 {"har-cnn", {6, 0, 60}, 6, 12, true},
                                 {"deep-conv-lstm", {6, 0, 40}, 4, 12},
                                 {"mc-cnn", {6, 0, 60}, 4, 12},
                                 {"resnet18", {3, 64, 64}, 4, 40},
                                 {"resnet50", {3, 64, 64}, 4, 40, false, true}};

void switch_dropout_off(Task& task) {
  for (torch::nn::Module* module : trained_modules(task)) {
    module->apply([](torch::nn::Module& part) {
      if (auto* dropout = part.as<torch::nn::Dropout>()) {
        dropout->options.p(0);
      }
    });
  }
}

class ModelParity : public testing::TestWithParam<ParityRecord> {
 protected:
  ModelParity()
      : expected_(recorded(GetParam().name())),
        task_(paradigm_named(GetParam().autoencoder ? "pretrain" : "classify")
                  .make({model_named(GetParam().model), GetParam().shape, GetParam().classes})) {
    const auto& [name, shape, batch, classes, autoencoder, in_double] = GetParam();
    fill_by_formula(*task_);
    switch_dropout_off(*task_);
    task_->set_training(true);
    inputs_ = noise(batch * shape.size(), 1000).to(at::kFloat);
    inputs_ = shape.is_series() ? inputs_.view({batch, shape.channels, shape.width})
                                : inputs_.view({batch, shape.channels, shape.height, shape.width});
    if (in_double) {
      for (torch::nn::Module* module : trained_modules(*task_)) {
        module->to(at::kDouble);
      }
      inputs_ = inputs_.to(at::kDouble);
    }
    labels_ = at::arange(batch, at::kLong).remainder(classes);
  }

  at::Tensor scores() {
    return task_->parts()[1].network->forward(task_->encoder().network->forward(inputs_));
  }

  at::Tensor loss() {
    if (GetParam().in_double) {  // A task's own loss is in float32.
      return at::cross_entropy_loss(scores(), labels_);
    }
    return task_->loss({inputs_, labels_, at::Tensor(), inputs_.size(0)}, nullptr);
  }

  std::map<std::string, std::vector<double>> expected_;
  std::unique_ptr<Task> task_;
  at::Tensor inputs_;
  at::Tensor labels_;
};

TEST_P(ModelParity, HasAsManyParameters) {
  ASSERT_FALSE(expected_.empty());
  EXPECT_EQ(static_cast<double>(task_->parameter_count()), expected_["parameters"].at(0));
}

TEST_P(ModelParity, ScoresAsPythonDoes) {
  const at::Tensor scores = this->scores().flatten();
  const auto& expected = expected_["scores"];
  ASSERT_GE(expected.size(), 40U);
  ASSERT_LE(expected.size(), static_cast<std::size_t>(scores.numel()));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(scores[static_cast<std::int64_t>(i)].item<double>(),
                expected[i],
                1e-5 * std::max(1.0, std::abs(expected[i])));
  }
}

TEST_P(ModelParity, HasPythonsGradientsAndTwentyLosses) {
  // Laid out as in Python: another order of sums would be another rounding.
  FlatParameters flat(trained_modules(*task_), false);
  const auto optimizer = make_optimizer({OptimizerKind::sgd, 0.9, 0}, flat);
  const auto& losses = expected_["losses"];
  ASSERT_EQ(losses.size(), 20U);
  for (std::size_t step = 0; step < losses.size(); ++step) {
    flat.clear_gradients();
    const at::Tensor loss = this->loss();
    loss.backward();
    // The first is one evaluation; rounding differences grow with each step of the course.
    EXPECT_NEAR(loss.item<double>(), losses[step], step == 0 ? 1e-5 : 1e-4 * losses[step] + 1e-5)
        << "step " << step;
    if (step == 0) {
      std::size_t k = 0;
      for (const NamedTensor& named : trained_parameters(*task_)) {
        const at::Tensor gradient = named.tensor.grad().to(at::kDouble);
        const double norm = gradient.norm().item<double>();
        const double tolerance = 1e-5 * std::max(1.0, norm);
        EXPECT_NEAR(norm, expected_["gradient_norms"].at(k), tolerance) << named.name;
        EXPECT_NEAR(
            gradient.flatten()[0].item<double>(), expected_["gradient_first"].at(k), tolerance)
            << named.name;
        ++k;
      }
    }
    optimizer->step(expected_["lr"].at(0));
  }
}

INSTANTIATE_TEST_SUITE_P(AllModels, ModelParity, testing::ValuesIn(kRecords), [](const auto& test) {
  std::string name = test.param.name();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Models, HaveTheParametersOfTorchvisions) {
  const auto encoder = [](const char* name) {
    return parameter_count(*model_named(name).make_encoder({3, 64, 64}));
  };
  EXPECT_EQ(encoder("resnet18"), 11176512);
  EXPECT_EQ(encoder("resnet50") + 2048 * 1000 + 1000, 25557032);
  EXPECT_EQ(parameter_count(*model_named("har-cnn").make_encoder({36, 0, kWindow})),
            320 * 36 + 122880 + 640 + 131200);
}

}  // namespace
}  // namespace gradwatt
