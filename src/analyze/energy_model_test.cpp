#include "analyze/energy_model.h"

#include "analyze/gpu_hour_line.h"
#include "analyze/nonnegative_fit.h"
#include "analyze/parallel_paper.h"
#include "analyze/step_time_model.h"
#include "analyze/variance_inflation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

constexpr double kHour = 3600;

double coefficient_of(const EnergyModel& model, EnergyTerm term) {
  const EnergyCoefficient* one = model.coefficient(term);
  EXPECT_NE(one, nullptr);
  return one == nullptr ? 0 : one->value;
}

std::vector<ParallelTraining> full_nodes_only() {
  std::vector<ParallelTraining> rows = distinct_paper_trainings();
  std::erase_if(rows, [](const ParallelTraining& row) { return row.devices < 4; });
  return rows;
}

TEST(ScalingRates, AreThoseOfTheExample) {
  const ScalingRates rates = rates_of({4, 1, 80000, 1000, 2 * kHour, 8 * 3.6e6});
  EXPECT_DOUBLE_EQ(rates.device_hours, 8);
  EXPECT_DOUBLE_EQ(rates.power_per_device_w, 1000);
  EXPECT_DOUBLE_EQ(rates.samples_per_device_hour, 10000);
  EXPECT_DOUBLE_EQ(rates.updates_per_device_hour, 500);
  EXPECT_DOUBLE_EQ(rates.energy_per_sample_j, 360);
}

TEST(ScalingRates, CompareSamplesPerSecond) {
  const ParallelTraining many{8, 2, 80000, 1, 2 * kHour, 1};
  const ParallelTraining one{1, 1, 40000, 1, 4 * kHour, 1};
  EXPECT_DOUBLE_EQ(speed_up(many, one), 4);
  EXPECT_DOUBLE_EQ(parallel_efficiency(many, one), 0.5);
  EXPECT_DOUBLE_EQ(parallel_efficiency(one, one), 1);
}

TEST(NonnegativeFit, StopsAtZero) {
  const std::vector<FitRow> rows{{{1, 1}, 2}, {{1, 2}, 1}};
  const auto found = nonnegative_fit(rows);
  EXPECT_NEAR(found[0], 1.5, 1e-12);
  EXPECT_EQ(found[1], 0);
}

TEST(NonnegativeFit, FindsWhatIsExact) {
  std::vector<FitRow> rows;
  for (int i = 0; i < 6; ++i) {
    const double x = i;
    const double y = (i * 7) % 5;
    rows.push_back({{1, x, 1e6 * y}, 3 + 2 * x + 5 * y});
  }
  const auto found = nonnegative_fit(rows);
  EXPECT_NEAR(found[0], 3, 1e-9);
  EXPECT_NEAR(found[1], 2, 1e-9);
  EXPECT_NEAR(found[2], 5e-6, 1e-15);
}

TEST(VarianceInflation, IsThatOfTheExample) {
  const std::vector<std::vector<double>> columns{{1, 1, 1, 1}, {1, 2, 3, 4}, {1, 3, 2, 4}};
  EXPECT_NEAR(*variance_inflation(columns, 2), 1 / (1 - 0.64), 1e-9);
  const std::vector<std::vector<double>> twice{{1, 1, 1}, {1, 2, 3}, {2, 4, 6}};
  EXPECT_FALSE(variance_inflation(twice, 2).has_value());
}

TEST(PaperTrainings, AreThosePrinted) {
  const auto all = paper_trainings();
  ASSERT_EQ(all.size(), 18U);
  EXPECT_EQ(distinct_paper_trainings().size(), 17U);
  const ScalingRates first = rates_of(all[0].training);
  EXPECT_NEAR(first.power_per_device_w, 482.6, 0.05);
  EXPECT_NEAR(first.samples_per_device_hour, 1558e3, 500);
  EXPECT_NEAR(first.updates_per_device_hour, 6091, 0.5);
  EXPECT_NEAR(first.device_hours, 5.139, 0.0005);
}

TEST(EnergyModel, RecoversThePublishedCoefficients) {
  const auto rows = distinct_paper_trainings();
  const auto model = identifiable_energy_model(rows);
  ASSERT_TRUE(model.has_value());
  EXPECT_TRUE(model->left_out.empty());
  EXPECT_NEAR(coefficient_of(*model, EnergyTerm::device), 70.1, 0.05);
  EXPECT_NEAR(coefficient_of(*model, EnergyTerm::node), 216, 0.5);
  EXPECT_NEAR(coefficient_of(*model, EnergyTerm::sample), 0.449, 0.0005);
  EXPECT_NEAR(coefficient_of(*model, EnergyTerm::update), 1.78, 0.005);
  EXPECT_NEAR(*model->r2, 0.9966, 0.00005);
  EXPECT_NEAR(model->mean_error, 0.0088, 0.00005);
  EXPECT_NEAR(*model->left_out_error, 0.0137, 0.00005);
  EXPECT_NEAR(*model->left_out_error_max, 0.075, 0.0005);
  for (const EnergyCoefficient& one : model->coefficients) {
    ASSERT_TRUE(one.interval.has_value());
    EXPECT_LT(one.interval->lo, one.value);
    EXPECT_GT(one.interval->lo, 0);
    EXPECT_LT(one.inflation.value_or(1), 1.5);
  }
  EXPECT_NEAR(model->power_per_device_w(rows.front()), 482.6, 10);
}

TEST(EnergyModel, GainsByEveryTermOfThePublishedRows) {
  const auto rows = distinct_paper_trainings();
  const auto nested = nested_energy_models(rows, *identifiable_energy_model(rows));
  ASSERT_EQ(nested.size(), 4U);
  EXPECT_NEAR(nested[0].mean_error, 0.142, 0.0005);
  EXPECT_NEAR(nested[1].mean_error, 0.055, 0.0005);
  EXPECT_NEAR(nested[2].mean_error, 0.026, 0.0005);
  EXPECT_NEAR(nested[3].mean_error, 0.0088, 0.00005);
}

TEST(EnergyModel, LeavesTheNodeOutWhereAllAreFull) {
  const auto rows = full_nodes_only();
  ASSERT_EQ(rows.size(), 13U);
  const auto model = identifiable_energy_model(rows);
  ASSERT_TRUE(model.has_value());
  ASSERT_EQ(model->left_out.size(), 1U);
  EXPECT_EQ(model->left_out[0].term, EnergyTerm::node);
  EXPECT_THAT(model->left_out[0].why, HasSubstr("hardly varies"));
  EXPECT_NEAR(coefficient_of(*model, EnergyTerm::device), 124.0, 0.05);
  EXPECT_NEAR(coefficient_of(*model, EnergyTerm::sample), 0.450, 0.0005);
  EXPECT_NEAR(coefficient_of(*model, EnergyTerm::update), 1.75, 0.005);
  EXPECT_NEAR(model->mean_error, 0.0098, 0.00005);
}

TEST(EnergyModel, NamesWhatVariesTogether) {
  std::vector<ParallelTraining> rows;
  for (const PaperTraining& one : paper_trainings()) {
    if (one.series == "local") {
      rows.push_back(one.training);
    }
  }
  const auto model = identifiable_energy_model(rows);
  ASSERT_TRUE(model.has_value());
  EXPECT_EQ(model->coefficient(EnergyTerm::update), nullptr);
  ASSERT_FALSE(model->left_out.empty());
  EXPECT_THAT(model->left_out.back().why, HasSubstr("varies together with 'per sample'"));
}

TEST(EnergyModel, TwiceTheEnergyIsTwiceTheCoefficients) {
  auto rows = distinct_paper_trainings();
  const auto once = identifiable_energy_model(rows);
  for (ParallelTraining& row : rows) {
    row.energy_j *= 2;
  }
  const auto twice = identifiable_energy_model(rows);
  for (const EnergyCoefficient& one : once->coefficients) {
    EXPECT_NEAR(coefficient_of(*twice, one.term), 2 * one.value, 1e-6 * one.value);
  }
}

TEST(EnergyModel, NeedsThreeTrainings) {
  const auto rows = distinct_paper_trainings();
  EXPECT_FALSE(identifiable_energy_model(std::span(rows).first(2)).has_value());
  const auto model = identifiable_energy_model(std::span(rows).first(3));
  ASSERT_TRUE(model.has_value());
  EXPECT_EQ(model->coefficients.size(), 1U);
  EXPECT_EQ(model->left_out.size(), 3U);
}

TEST(GpuHourLine, IsThePublishedOne) {
  const auto full = gpu_hour_line(full_nodes_only());
  ASSERT_TRUE(full.has_value());
  EXPECT_NEAR(full->power_w, 283.5, 0.05);
  EXPECT_NEAR(full->r2, 0.994, 0.0005);
  EXPECT_NEAR(full->mean_error, 0.056, 0.0005);
  EXPECT_NEAR(full->slope, 1.016, 0.0005);
  EXPECT_LT(full->slope_interval.lo, full->slope);
  EXPECT_GT(full->slope_interval.hi, full->slope);
  const auto rows = full_nodes_only();
  EXPECT_FALSE(gpu_hour_line(std::span(rows).first(2)).has_value());
}

TEST(StepTimeModel, FitsThePublishedTimes) {
  const StepTimeModel model = fit_step_time(paper_epochs());
  EXPECT_NEAR(model.epoch_s, 3.95, 0.005);
  EXPECT_NEAR(model.step_s, 12.6e-3, 0.05e-3);
  EXPECT_NEAR(model.sample_s, 2.22e-3, 0.01e-3);
  EXPECT_NEAR(model.mean_error, 0.033, 0.0005);
  EXPECT_NEAR(model.error_max, 0.065, 0.0005);
}

}  // namespace
}  // namespace gradwatt
