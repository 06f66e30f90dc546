#include "train/flat_parameters.h"
#include "train/forecast_task.h"
#include "train/models/catalog.h"
#include "train/optimizer.h"
#include "train/paradigms/catalog.h"
#include "train/parity_record_test.h"
#include "train/task_tensors.h"
#include "train/tensors.h"

#include <gtest/gtest.h>

#include <ostream>

namespace gradwatt {
namespace {

struct ForecastRecord {
  const char* name;
  std::int64_t batch;
  InputShape grid;
  std::int64_t patch;
  AfnoSize size;
};

const ForecastRecord kForecastRecords[] = {{"afno", 2, {3, 20, 28}, 4, {16, 2, 4}},
                                           {"afno-narrow", 3, {2, 12, 8}, 2, {12, 3, 2}}};

void PrintTo(const ForecastRecord& record, std::ostream* out) { *out << record.name; }

class ForecastParity : public testing::TestWithParam<ForecastRecord> {
 protected:
  ForecastParity() : expected_(recorded(GetParam().name)) {
    const auto& [name, batch, grid, patch, size] = GetParam();
    form_.patch = patch;
    form_.climatology.resize(static_cast<std::size_t>(grid.size()));
    deviations_.resize(static_cast<std::size_t>(grid.channels), 1);
    task_ = forecast_task({model_named("afno"), grid, 0, 0, 0.5, size, &form_, &deviations_});
    fill_by_formula(*task_);
    task_->set_training(true);
    const std::int64_t count = batch * grid.size();
    inputs_ =
        noise(count, 1000).to(at::kFloat).view({batch, grid.channels, grid.height, grid.width});
    targets_ =
        noise(count, 2000).to(at::kFloat).view({batch, 1, grid.channels, grid.height, grid.width});
  }

  at::Tensor loss() {
    const at::Tensor none;
    return task_->loss({inputs_, none, none, inputs_.size(0), &targets_}, nullptr);
  }

  std::map<std::string, std::vector<double>> expected_;
  ForecastForm form_;
  std::vector<float> deviations_;
  std::unique_ptr<Task> task_;
  at::Tensor inputs_;
  at::Tensor targets_;
};

TEST_P(ForecastParity, ForeseesAsPythonDoes) {
  ASSERT_FALSE(expected_.empty());
  EXPECT_EQ(static_cast<double>(task_->parameter_count()), expected_["parameters"].at(0));
  const at::Tensor tokens = task_->encoder().network->forward(inputs_);
  const at::Tensor fields = task_->parts()[1].network->forward(tokens);
  EXPECT_EQ(fields.sizes(), inputs_.sizes());
  const auto& expected = expected_["scores"];
  ASSERT_EQ(expected.size(), 100U);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(fields.flatten()[static_cast<std::int64_t>(i)].item<double>(),
                expected[i],
                1e-5 * std::max(1.0, std::abs(expected[i])));
  }
}

TEST_P(ForecastParity, HasPythonsGradientsAndTwentyLosses) {
  FlatParameters flat(trained_modules(*task_), false);
  const auto optimizer = make_optimizer({OptimizerKind::sgd, 0.9, 0}, flat);
  const auto& losses = expected_["losses"];
  ASSERT_EQ(losses.size(), 20U);
  for (std::size_t step = 0; step < losses.size(); ++step) {
    flat.clear_gradients();
    const at::Tensor loss = this->loss();
    loss.backward();
    EXPECT_NEAR(loss.item<double>(), losses[step], step == 0 ? 1e-5 : 1e-4 * losses[step]) << step;
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
        EXPECT_EQ(norm == 0, named.name.starts_with("norm.")) << named.name;
        ++k;
      }
    }
    optimizer->step(expected_["lr"].at(0));
  }
}

INSTANTIATE_TEST_SUITE_P(
    AllForecasts, ForecastParity, testing::ValuesIn(kForecastRecords), [](const auto& test) {
      return std::string(test.param.name) == "afno" ? "cut_columns" : "all_columns";
    });

TEST(Afno, HasThePublishedParametersAndNames) {
  Forecaster whole = model_named("afno").make_forecaster({20, 720, 1440}, 8, {768, 12, 8});
  EXPECT_EQ(parameter_count(*whole.trunk) + parameter_count(*whole.head), 74'691'840);
  std::map<std::string, std::vector<std::int64_t>> shapes;
  const auto add = [&](std::unique_ptr<Network> network) {
    for (const NamedTensor& named : tensors_of({"", std::move(network), true})) {
      shapes[named.name] = named.tensor.sizes().vec();
    }
  };
  add(std::move(whole.trunk));
  add(std::move(whole.head));
  using Shape = std::vector<std::int64_t>;
  EXPECT_EQ(shapes.size(), 2U + 1 + 12 * (2 + 4 + 2 + 4) + 2 + 1);
  EXPECT_EQ(shapes["patch_embed.proj.weight"], (Shape{768, 20, 8, 8}));
  EXPECT_EQ(shapes["pos_embed"], (Shape{1, 16200, 768}));
  EXPECT_EQ(shapes["blocks.11.norm1.weight"], (Shape{768}));
  EXPECT_EQ(shapes["blocks.11.filter.w1"], (Shape{2, 8, 96, 96}));
  EXPECT_EQ(shapes["blocks.0.filter.b2"], (Shape{2, 8, 96}));
  EXPECT_EQ(shapes["blocks.0.mlp.fc1.weight"], (Shape{3072, 768}));
  EXPECT_EQ(shapes["norm.bias"], (Shape{768}));
  EXPECT_EQ(shapes["head.weight"], (Shape{1280, 768}));
}

}  // namespace
}  // namespace gradwatt
