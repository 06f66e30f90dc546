#include "base/error.h"
#include "data/era5_maker.h"
#include "train/afno_size.h"
#include "train/anomaly_correlation.h"
#include "train/datasets/catalog.h"
#include "train/examples.h"
#include "train/forecast_task.h"
#include "train/latitude_rmse.h"
#include "train/paradigms/catalog.h"
#include "train/parallel/comm.h"
#include "train/relative_l2.h"
#include "train/spectral_filter.h"
#include "train/tensors.h"
#include "train/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(RelativeL2, IsTheMeanOfEachSamplesRelativeDistance) {
  const at::Tensor forecasts = at::tensor({1.0F, 2.0F, 0.0F, 0.0F}).view({2, 1, 1, 2});
  const at::Tensor targets = at::tensor({1.0F, 0.0F, 3.0F, 4.0F}).view({2, 1, 1, 2});
  EXPECT_FLOAT_EQ(relative_l2(forecasts, targets).item<float>(), 1.5F);
  EXPECT_FLOAT_EQ(relative_l2(2 * forecasts, 2 * targets).item<float>(), 1.5F);
  EXPECT_FLOAT_EQ(relative_l2(targets, targets).item<float>(), 0.0F);
}

TEST(LatitudeRmse, WeighsRowsByTheirShareOfTheGlobe) {
  const at::Tensor three = latitude_weights(3);
  EXPECT_NEAR(three[0].item<double>(), 0, 1e-6);
  EXPECT_NEAR(three[1].item<double>(), 3, 1e-6);
  const at::Tensor five = latitude_weights(5);
  EXPECT_NEAR(five[1].item<double>(), 1.46447, 1e-5);
  EXPECT_NEAR(five[2].item<double>(), 2.07107, 1e-5);
  EXPECT_NEAR(latitude_weights(720).mean().item<double>(), 1, 1e-6);
}

TEST(LatitudeRmse, IsOfEachSampleAndChannel) {
  const at::Tensor off = at::tensor({9.0F, 2.0F, 9.0F, 1.0F, 5.0F, 1.0F}).view({1, 2, 3, 1});
  const at::Tensor rmse = latitude_rmse(off, at::zeros_like(off), latitude_weights(3));
  EXPECT_NEAR(rmse[0][0].item<double>(), 2, 1e-5);
  EXPECT_NEAR(rmse[0][1].item<double>(), 5, 1e-5);
  // An error that is the same everywhere is the RMSE, whatever the rows.
  const at::Tensor even = at::full({1, 1, 6, 4}, 3.0F);
  EXPECT_NEAR(
      latitude_rmse(even, at::zeros_like(even), latitude_weights(6)).item<double>(), 3, 1e-5);
}

TEST(AnomalyCorrelation, ComparesAnomaliesAndNotFields) {
  const at::Tensor climatology = at::full({1, 1, 2}, 10.0F);
  const at::Tensor forecasts = at::tensor({11.0F, 10.0F}).view({1, 1, 1, 2});
  const at::Tensor targets = at::tensor({13.0F, 14.0F}).view({1, 1, 1, 2});
  const at::Tensor weights = at::ones({1, 1});
  const auto acc = [&](const at::Tensor& foreseen) {
    return anomaly_correlation(foreseen, targets, climatology, weights).item<double>();
  };
  EXPECT_NEAR(acc(forecasts), 0.6, 1e-6);
  EXPECT_NEAR(acc(targets), 1, 1e-6);
  EXPECT_NEAR(acc(20 - targets), -1, 1e-6);
  EXPECT_NEAR(
      anomaly_correlation(forecasts, targets, climatology, 7 * weights).item<double>(), 0.6, 1e-6);
}

TEST(SpectralFilter, LeavesTokensAloneWhereItsWeightsAreZero) {
  const at::Tensor tokens = at::randn({2, 3, 4, 6});
  const at::Tensor w = at::zeros({2, 2, 3, 3});
  const at::Tensor b = at::zeros({2, 2, 3});
  EXPECT_TRUE(at::allclose(spectral_filter(tokens, {w, b, w, b}), tokens));
}

TEST(SpectralFilter, PassesTheColumnsOfHalfTheRowsOnly) {
  // Identity matrices and a constant that keeps numbers positive: frequency 0 passes, less 0.01.
  at::Tensor w = at::zeros({2, 1, 1, 1});
  w[0] = 1;
  const at::Tensor b = at::zeros({2, 1, 1});
  const at::Tensor even = at::ones({1, 4, 8, 1});
  const at::Tensor filtered = spectral_filter(even, {w, b, w, b});
  // rfft2 is sqrt(32) at frequency 0; 0.01 of it is shrunk away.
  EXPECT_NEAR(filtered.mean().item<double>(), 1 + 1 - 0.01 / std::sqrt(32.0), 1e-5);
  // cos(2 pi 3 x / 8) is column 3 of 5: beyond the 3 that 4 rows keep.
  const at::Tensor wave = (at::arange(8, at::kFloat) * (2 * M_PI * 3 / 8)).cos().view({1, 1, 8, 1});
  const at::Tensor fast = wave.expand({1, 4, 8, 1});
  EXPECT_TRUE(at::allclose(spectral_filter(fast, {w, b, w, b}), fast, 1e-4, 1e-5));
}

TEST(AfnoSize, SuitsTheGrid) {
  const AfnoSize small = suited_to({20, 32, 64}, {0, 2, 0});
  EXPECT_THAT((std::vector{small.width, small.depth, small.blocks}), ElementsAre(128, 2, 8));
  const AfnoSize whole = suited_to({20, 720, 1440}, {});
  EXPECT_THAT((std::vector{whole.width, whole.depth, whole.blocks}), ElementsAre(768, 12, 8));
  EXPECT_EQ(suitable_patch(721), 8);
  EXPECT_EQ(suitable_patch(33), 4);
  EXPECT_THROW((void)suited_to({20, 32, 64}, {100, 0, 8}), UsageError);
}

/// A made set of 4 channels on 9 x 16 points: 2 years of 12 times to train on, 1 each for the rest.
class SmallEra5 : public testing::Test {
 protected:
  SmallEra5() {
    std::string pattern = testing::TempDir() + "gradwatt-era5-XXXXXX";
    plan_.folder = ::mkdtemp(pattern.data());
    Era5Size size;
    size.train_years = 2;
    size.validation_years = 1;
    size.year = {12, 4, 9, 16};
    make_era5_of(plan_.folder, size, 3);
    plan_.mode = InputMode::streamed;
    plan_.era5.patch = 4;
  }
  ~SmallEra5() override { std::filesystem::remove_all(plan_.folder); }

  [[nodiscard]] TrainingData load() const { return dataset_named("era5").load(plan_); }

  [[nodiscard]] static std::unique_ptr<Task> task_for(const TrainingData& data,
                                                      const char* paradigm) {
    seed_weights(1);
    return paradigm_named(paradigm).make(
        {model_named("afno"), data.shape, 0, 0, 0.5, {16, 2, 4}, &*data.forecast, &data.deviation});
  }

  DataPlan plan_;
};

TEST_F(SmallEra5, IsCroppedNormalisedAndSplit) {
  const TrainingData data = load();
  EXPECT_EQ(data.shape, (InputShape{4, 8, 16}));
  EXPECT_EQ(data.train.count(), 24);
  EXPECT_EQ(data.validation.count(), 12);
  EXPECT_EQ(data.test.count(), 12);
  EXPECT_THAT(data.forecast->channels, ElementsAre("u10", "v10", "t2m", "sp"));
  EXPECT_THAT(data.notes, ElementsAre("8 of 9 rows are used, whole patches of 4"));
  const auto examples = make_examples(data, data.train, {});
  at::Tensor sum = at::zeros({4});
  examples->each_batch(natural_order(24), {5, {}}, [&](const Batch& batch) {
    EXPECT_EQ(batch.targets->sizes().vec(), (std::vector<std::int64_t>{batch.size, 1, 4, 8, 16}));
    sum += batch.inputs.mean({2, 3}).sum(0);
  });
  EXPECT_LT((sum / 24).abs().max().item<double>(), 0.3);  // the last row is left out
}

TEST_F(SmallEra5, IsTheSameStreamedAndResident) {
  plan_.era5.steps = 2;
  plan_.era5.channels = {"t2m", "0"};
  const TrainingData streamed = load();
  plan_.mode = InputMode::resident;
  const TrainingData resident = load();
  const std::vector<std::int64_t> order{23, 0, 11, 7};
  std::vector<at::Tensor> all;
  for (const TrainingData* data : {&streamed, &resident}) {
    make_examples(*data, data->train, {})->each_batch(order, {4, {}}, [&](const Batch& batch) {
      all.push_back(at::cat({batch.inputs.unsqueeze(1), *batch.targets}, 1).clone());
    });
  }
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].sizes().vec(), (std::vector<std::int64_t>{4, 3, 2, 8, 16}));
  EXPECT_TRUE(at::equal(all[0], all[1]));
  // Neighbours share times: the sample of 0 holds those of 0, 1, 2, and 23 is the third but last.
  EXPECT_FALSE(at::equal(all[0][1][0], all[0][1][1]));
}

TEST_F(SmallEra5, RefusesWhatDoesNotFit) {
  plan_.era5.patch = 5;
  EXPECT_THROW((void)load(), UsageError);
  plan_.era5.patch = 4;
  plan_.train_samples = 25;
  EXPECT_THROW((void)load(), UsageError);
  plan_.train_samples = 10;
  plan_.val_samples = 3;
  EXPECT_EQ(load().train.count(), 10);
  EXPECT_EQ(load().validation.count(), 3);
  plan_.era5.channels = {"z500"};
  EXPECT_THROW((void)load(), UsageError);
}

TEST_F(SmallEra5, ReportsTheLastStepsScores) {
  plan_.era5.steps = 2;
  const TrainingData data = load();
  const auto task = task_for(data, "finetune");
  const auto examples = make_examples(data, data.validation, {});
  const Scores scores = score(*task, *examples, {}, *alone());
  std::vector<std::string> names;
  for (const auto& [name, value] : scores) {
    names.push_back(name);
  }
  EXPECT_THAT(names,
              ElementsAre("val_loss",
                          "val_rmse",
                          "val_acc",
                          "val_rmse_u10",
                          "val_acc_u10",
                          "val_rmse_t2m",
                          "val_acc_t2m"));
  // By hand, one sample at a time: the second field is foreseen from the first forecast.
  const at::NoGradGuard no_graph;
  double loss = 0;
  double rmse_t2m = 0;
  examples->each_batch(natural_order(12), {1, {}}, [&](const Batch& batch) {
    const auto next = [&](const at::Tensor& fields) {
      return task->parts()[1].network->forward(task->encoder().network->forward(fields));
    };
    const at::Tensor first = next(batch.inputs);
    const at::Tensor second = next(first);
    const auto target = [&](int step) { return batch.targets->select(1, step); };
    loss += (relative_l2(first, target(0)) + relative_l2(second, target(1))).item<double>() / 12;
    rmse_t2m += latitude_rmse(second, target(1), latitude_weights(8))[0][2].item<double>() *
                data.deviation[2] / 12;
  });
  EXPECT_NEAR(*score_named(scores, "val_loss"), loss, 1e-5);
  EXPECT_NEAR(*score_named(scores, "val_rmse_t2m"), rmse_t2m, 1e-3);
}

TEST_F(SmallEra5, IsLearnt) {
  const TrainingData data = load();
  const auto task = task_for(data, "forecast");
  const auto train = make_examples(data, data.train, {});
  const auto validation = make_examples(data, data.validation, {});
  TrainerOptions options;
  options.channels_last = false;
  options.loop.batch = 4;
  options.loop.micro_batch = 3;
  options.loop.max_epochs = 12;
  options.loop.learning_rate.base = 2e-3;
  options.loop.stop.monitor = Metric::val_loss;
  options.loop.stop.patience.reset();
  std::vector<double> losses;
  Trainer trainer(options, *task, *train, *validation);
  (void)trainer.run([&](const EpochResult& epoch) { losses.push_back(*epoch.train_loss); });
  EXPECT_LT(losses.back(), 0.6 * losses.front());
}

}  // namespace
}  // namespace gradwatt
