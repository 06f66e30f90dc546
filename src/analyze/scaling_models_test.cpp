#include "analyze/scaling_models.h"

#include "analyze/scaling_rows_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace gradwatt {
namespace {

using testing::HasSubstr;

std::vector<ScalingSetup> setups_of(const std::vector<RunRow>& runs) {
  return scaling_table(runs, std::nullopt).all();
}

std::vector<ParallelTraining> llama(std::size_t count) {
  const std::vector<ParallelTraining> all{{8, 1, 3072, 1, 1687.9, 12.08e6},
                                          {64, 8, 3072, 1, 318.2, 14.81e6},
                                          {512, 64, 6912, 1, 117.2, 38.17e6}};
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count)};
}

TEST(TwoStateModel, IsThatOfTheExample) {
  const auto model = fit_two_state(llama(2));
  ASSERT_TRUE(model.has_value());
  EXPECT_NEAR(model->waiting_share, 0.445, 0.0005);
  EXPECT_FALSE(model->interval.has_value());
  EXPECT_NEAR(two_state_energy_j(llama(2)[1], llama(1)[0], 0.445) / 12.08e6, 1.226, 0.0005);
}

// 3.22 predicted, 3.16 measured, 4.45 by constant watts.
TEST(TwoStateModel, ForetellsLlamaOn512GpusFromUpTo64) {
  const auto model = fit_two_state(llama(2));
  const ParallelTraining large = llama(3)[2];
  const double reference = 12.08e6;
  EXPECT_NEAR(
      two_state_energy_j(large, model->reference, model->waiting_share) / reference, 3.22, 0.01);
  EXPECT_NEAR(large.energy_j / reference, 3.16, 0.005);
  const double constant =
      power_per_device_w(model->reference) * device_hours(large) * kSecondsPerHour;
  EXPECT_NEAR(constant / reference, 4.45, 0.01);
}

TEST(TwoStateModel, LeavesOneOutOfThree) {
  const auto model = fit_two_state(llama(3));
  ASSERT_TRUE(model.has_value());
  EXPECT_TRUE(model->interval.has_value());
  ASSERT_TRUE(model->quality.left_out_error.has_value());
  EXPECT_LT(*model->quality.left_out_error_max, 0.06);
}

TEST(TwoStateModel, NeedsGpusThatWait) {
  std::vector<ParallelTraining> rows{{1, 1, 100, 1, 80, 10}, {2, 1, 100, 1, 40, 10}};
  EXPECT_FALSE(fit_two_state(rows).has_value());
  EXPECT_THAT(why_no_two_states(rows), HasSubstr("within 5 % of linear"));
  rows[1].devices = 1;
  EXPECT_FALSE(fit_two_state(rows).has_value());
  EXPECT_THAT(why_no_two_states(rows), HasSubstr("two numbers of GPUs"));
}

TEST(TwoStateModel, OfPerfectSpeedUpTakesEnergyWithSamples) {
  const ParallelTraining reference{8, 1, 100, 1, 10, 50};
  EXPECT_DOUBLE_EQ(two_state_energy_j({16, 2, 200, 1, 10, 0}, reference, 0.5), 100);
}

// Published: +4.0, +1.7, -2.5, -1.5 % against +23, +22, +14, +13 %. The table's numbers have three
// digits, so the errors are known to half a point; U-Net's are means of 40 runs of their own, so
// that they do not multiply, and its errors are known to a point.
TEST(JobsLeftOut, AreThosePublishedOfMlperf) {
  const auto jobs = jobs_left_out(scaling_table(mlperf_runs(), std::nullopt));
  ASSERT_EQ(jobs.size(), 4U);
  const std::vector<double> by_states{0.040, 0.017, -0.025, -0.015};
  const std::vector<double> by_watts{0.23, 0.22, 0.14, 0.13};
  const std::vector<double> shares{0.444, 0.484, 0.572, 0.56};
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const bool is_unet = i == 3;
    EXPECT_NEAR(jobs[i].two_state_error, by_states[i], is_unet ? 0.01 : 0.005);
    EXPECT_NEAR(jobs[i].constant_error, by_watts[i], 0.01);
    EXPECT_NEAR(jobs[i].waiting_share, shares[i], is_unet ? 0.02 : 0.005);
  }
}

TEST(ScalingModels, ReproduceStudy2) {
  const ScalingModels models = fit_scaling_models(setups_of(study2_runs()));
  EXPECT_EQ(models.setups, 17);
  ASSERT_TRUE(models.rates.has_value());
  EXPECT_NEAR(models.rates->coefficient(EnergyTerm::device)->value, 70.1, 0.05);
  EXPECT_NEAR(models.rates->coefficient(EnergyTerm::node)->value, 216, 0.5);
  EXPECT_NEAR(models.rates->coefficient(EnergyTerm::sample)->value, 0.449, 0.0005);
  EXPECT_NEAR(models.rates->coefficient(EnergyTerm::update)->value, 1.78, 0.005);
  EXPECT_NEAR(*models.rates->r2, 0.9966, 0.00005);
  EXPECT_NEAR(models.rates_quality->mean_error, 0.0088, 0.00005);
  EXPECT_NEAR(*models.rates_quality->left_out_error, 0.0137, 0.00005);
  EXPECT_NEAR(*models.rates_quality->left_out_error_max, 0.075, 0.0005);
  EXPECT_EQ(models.chosen, ScalingKind::rates);
  EXPECT_TRUE(models.is_tested);
}

TEST(ScalingModels, NameWhatTheTableDoesNotSay) {
  std::vector<RunRow> runs = study2_runs();
  for (RunRow& run : runs) {
    run.nodes = std::nullopt;
    run.samples = std::nullopt;
    run.updates = std::nullopt;
  }
  const ScalingModels models = fit_scaling_models(setups_of(runs));
  EXPECT_THAT(models.absent.at(ScalingKind::two_state), HasSubstr("column samples"));
  EXPECT_FALSE(models.rates.has_value());
  EXPECT_THAT(models.absent.at(ScalingKind::rates), HasSubstr("column nodes"));
  EXPECT_TRUE(models.constant_power.has_value());
}

TEST(ScalingModels, OverJobsHaveNoTwoStates) {
  const ScalingModels models = fit_models_over_jobs(setups_of(mlperf_runs()));
  EXPECT_EQ(models.setups, 8);
  EXPECT_THAT(models.absent.at(ScalingKind::two_state), HasSubstr("its own reference"));
  EXPECT_TRUE(models.is_tested);
}

TEST(ScalingModels, OfTwoSetupsAreChosenUntested) {
  std::vector<RunRow> runs = mlperf_runs();
  runs.resize(2);
  const ScalingModels models = fit_scaling_models(setups_of(runs));
  EXPECT_TRUE(models.two_state.has_value());
  EXPECT_THAT(models.absent.at(ScalingKind::rates), HasSubstr("three setups"));
  EXPECT_FALSE(models.two_state->quality.left_out_error.has_value());
}

TEST(ScalingModels, OfOneSetupAreConstantWatts) {
  std::vector<RunRow> runs = mlperf_runs();
  runs.resize(1);
  const ScalingModels models = fit_scaling_models(setups_of(runs));
  EXPECT_EQ(models.chosen, ScalingKind::constant_power);
  EXPECT_FALSE(models.is_tested);
  EXPECT_EQ(fit_scaling_models({}).chosen, std::nullopt);
}

TEST(ScalingForecast, OfARowIsNearItsEnergy) {
  const std::vector<ScalingSetup> setups = setups_of(study2_runs());
  const ScalingModels models = fit_scaling_models(setups);
  const ParallelTraining row = setups.front().training();
  const ScalingForecast forecast = scaling_forecast(models, ScalingKind::rates, row);
  EXPECT_NEAR(forecast.energy_j / row.energy_j, 1, 0.03);
  EXPECT_GT(*forecast.half_width, 0);
  EXPECT_GT(forecast.of_time, 0);
  EXPECT_LT(forecast.of_time, 1);
}

// d ln E / d ln t by a small step of the time.
TEST(ScalingForecast, KnowsHowEnergyGoesWithTime) {
  const std::vector<ScalingSetup> setups = setups_of(study2_runs());
  const ScalingModels models = fit_scaling_models(setups);
  for (const ScalingKind kind : {ScalingKind::constant_power,
                                 ScalingKind::power_and_offset,
                                 ScalingKind::two_state,
                                 ScalingKind::rates}) {
    ParallelTraining work = setups.back().training();
    const ScalingForecast before = scaling_forecast(models, kind, work);
    work.time_s *= 1.0001;
    const double change = std::log(scaling_forecast(models, kind, work).energy_j / before.energy_j);
    EXPECT_NEAR(change / std::log(1.0001), before.of_time, 1e-3);
  }
}

}  // namespace
}  // namespace gradwatt
