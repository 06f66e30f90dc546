#include "analyze/scaling_plan.h"

#include "analyze/scaling_rows_test.h"
#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace gradwatt {
namespace {

using testing::HasSubstr;

constexpr double kTwoHours = 7200;

std::vector<ScalingSetup> measured(const std::vector<RunRow>& runs) {
  return scaling_table(runs, std::nullopt).groups.at(0).setups;
}

PlanRequest request_for(const ScalingSetup& setup) {
  PlanRequest request;
  request.gpus = {*setup.gpus};
  request.global_batches = {*setup.global_batch};
  request.samples = setup.samples;
  return request;
}

// As docs/analysis.md prints them.
TEST(ScalingPlan, ForetellsStudy2From32Gpus) {
  const std::vector<ScalingSetup> small = measured(study2_runs(32));
  EXPECT_EQ(small.size(), 11U);
  double time_most = 0;
  double energy_most = 0;
  double energy_with_hours_most = 0;
  for (const ScalingSetup& large : measured(study2_runs())) {
    if (*large.gpus <= 32) {
      continue;
    }
    const ScalingPlan plan = plan_scaling(small, request_for(large));
    const PlannedSetup& planned = plan.setups.at(0);
    const double time = large.training().time_s;
    const double time_error = planned.time_s / time - 1;
    const double energy_error = planned.energy_j / large.energy_j - 1;
    const ScalingForecast with_hours =
        scaling_forecast(plan.energy_models, ScalingKind::rates, large.training());
    const double with_hours_error = with_hours.energy_j / large.energy_j - 1;
    fmt::print(
        "  {:3} GPUs, local batch {:3}: time {:+5.1f} %, energy {:+5.1f} %, energy with the "
        "time known {:+5.1f} %\n",
        *large.gpus,
        *large.local_batch,
        100 * time_error,
        100 * energy_error,
        100 * with_hours_error);
    EXPECT_EQ(planned.basis, PlanBasis::tested);
    EXPECT_LT(planned.time_interval->lo, time);
    EXPECT_GT(planned.time_interval->hi, time);
    EXPECT_LT(planned.energy_interval->lo, large.energy_j);
    EXPECT_GT(planned.energy_interval->hi, large.energy_j);
    time_most = std::max(time_most, std::abs(time_error));
    energy_most = std::max(energy_most, std::abs(energy_error));
    energy_with_hours_most = std::max(energy_with_hours_most, std::abs(with_hours_error));
  }
  EXPECT_NEAR(time_most, 0.098, 0.0005);
  EXPECT_NEAR(energy_most, 0.026, 0.0005);
  EXPECT_NEAR(energy_with_hours_most, 0.045, 0.0005);
}

TEST(ScalingPlan, IsLessSureFurtherBeyond) {
  PlanRequest request;
  request.gpus = {32, 64, 1024, 100000};
  request.samples = 128116700;
  const ScalingPlan plan = plan_scaling(measured(study2_runs(32)), request);
  double width = 0;
  double beyond = 0;
  ASSERT_EQ(plan.setups.size(), 4U);
  for (const PlannedSetup& one : plan.setups) {
    ASSERT_TRUE(one.energy_interval.has_value());
    const double now = std::log(one.energy_interval->hi / one.energy_interval->lo);
    EXPECT_GT(now, width);
    EXPECT_GE(one.beyond_gpus, beyond);
    EXPECT_EQ(*one.local_batch, 256);
    EXPECT_EQ(*one.nodes, std::ceil(one.gpus / 4));
    width = now;
    beyond = one.beyond_gpus;
  }
  EXPECT_DOUBLE_EQ(beyond, 3125);
}

/// A standard normal number (Box and Muller), the same with every library.
double normal_number(std::mt19937_64& random) {
  constexpr double kTwoPi = 6.283185307179586;
  constexpr double kSteps = 9007199254740992.0;
  const auto uniform = [&] { return (static_cast<double>(random() >> 11U) + 0.5) / kSteps; };
  const double length = std::sqrt(-2 * std::log(uniform()));
  return length * std::cos(kTwoPi * uniform());
}

/// Setups that scatter by 2 % in time and 1 % in power; the powers are study 2's.
std::vector<ScalingSetup> scattered_setups(std::mt19937_64& random,
                                           const std::vector<double>& gpus) {
  const EnergyModel power = identifiable_energy_model(distinct_paper_trainings()).value();
  std::vector<RunRow> runs;
  for (const double count : gpus) {
    for (const double local : {64.0, 256.0}) {
      constexpr double kSamples = 10e6;
      ParallelTraining one{count, std::ceil(count / 4), kSamples, kSamples / count / local, 0, 0};
      const double step_s = 0.0126 + 0.00223 * local + 0.002 * (1 - 1 / count);
      one.time_s = (60 + one.updates * step_s) * (1 + 0.02 * normal_number(random));
      one.energy_j = power.power_per_device_w(one) * device_hours(one) * kSecondsPerHour *
                     (1 + 0.01 * normal_number(random));
      RunRow& run =
          runs.emplace_back(scaling_run("", count, one.time_s, one.energy_j, one.samples));
      run.nodes = static_cast<int>(one.nodes);
      run.local_batch = local;
    }
  }
  return measured(runs);
}

TEST(ScalingPlan, HoldsNineteenTimesInTwenty) {
  std::mt19937_64 random(7);
  int asked = 0;
  int held_time = 0;
  int held_energy = 0;
  constexpr int kTables = 60;
  for (int table = 0; table < kTables; ++table) {
    const std::vector<ScalingSetup> small = scattered_setups(random, {1, 2, 4, 8, 16});
    for (const ScalingSetup& large : scattered_setups(random, {32, 128})) {
      const PlannedSetup planned = plan_scaling(small, request_for(large)).setups.at(0);
      const auto holds = [](const Interval& range, double value) {
        return range.lo < value && value < range.hi ? 1 : 0;
      };
      held_time += holds(*planned.time_interval, large.training().time_s);
      held_energy += holds(*planned.energy_interval, large.energy_j);
      ++asked;
    }
  }
  EXPECT_GE(held_time, 0.95 * asked) << held_time << " of " << asked;
  EXPECT_GE(held_energy, 0.95 * asked) << held_energy << " of " << asked;
}

TEST(ScalingPlan, MarksTheCheapestThatMeetsTheDeadline) {
  PlanRequest request;
  request.gpus = {16, 32, 64, 128, 256};
  request.samples = 128116700;
  request.local_batches = {256};
  request.deadline_s = kTwoHours;
  const ScalingPlan plan = plan_scaling(measured(study2_runs()), request);
  ASSERT_TRUE(plan.cheapest.has_value());
  EXPECT_EQ(plan.setups[*plan.cheapest].gpus, 64);
  EXPECT_FALSE(plan.setups[0].meets);
  EXPECT_FALSE(plan.would_meet.has_value());
}

TEST(ScalingPlan, SaysWhatWouldMeetTheDeadline) {
  PlanRequest request;
  request.gpus = {8, 16};
  request.samples = 128116700;
  request.local_batches = {256};
  request.deadline_s = kTwoHours;
  const std::vector<ScalingSetup> setups = measured(study2_runs());
  const ScalingPlan plan = plan_scaling(setups, request);
  EXPECT_FALSE(plan.cheapest.has_value());
  ASSERT_TRUE(plan.would_meet.has_value());
  EXPECT_EQ(plan.would_meet->gpus, 64);
  request.deadline_s = 1;
  const ScalingPlan never = plan_scaling(setups, request);
  EXPECT_FALSE(never.would_meet.has_value());
  ASSERT_TRUE(never.fastest.has_value());
  EXPECT_GT(never.fastest->time_s, 1);
}

TEST(ScalingPlan, FromTwoNumbersOfGpusHasAssumedIntervals) {
  std::vector<RunRow> runs = mlperf_runs();
  runs.resize(2);
  PlanRequest request;
  request.gpus = {512};
  request.samples = 6912;
  const ScalingPlan plan = plan_scaling(measured(runs), request);
  const PlannedSetup& planned = plan.setups.at(0);
  EXPECT_EQ(planned.basis, PlanBasis::assumed);
  EXPECT_DOUBLE_EQ(planned.beyond_gpus, 8);
  EXPECT_FALSE(plan.time_growth.is_measured);
  EXPECT_LT(planned.time_interval->lo, 117.2);
  EXPECT_GT(planned.time_interval->hi, 117.2);
  EXPECT_LT(planned.energy_interval->lo, 38.17e6);
  EXPECT_GT(planned.energy_interval->hi, 38.17e6);
}

TEST(ScalingPlan, FromOneNumberOfGpusIsABound) {
  PlanRequest request;
  request.gpus = {4, 8};
  const ScalingPlan plan = plan_scaling(measured({scaling_run("", 4, 100, 1000, 500)}), request);
  EXPECT_EQ(plan.setups[1].basis, PlanBasis::bound);
  EXPECT_NEAR(plan.setups[1].time_s, 50, 1e-9);
  EXPECT_NEAR(plan.setups[1].energy_j, 1000, 1e-6);
  EXPECT_FALSE(plan.setups[1].time_interval.has_value());
}

TEST(ScalingPlan, WithoutSamplesIsForTheSameJob) {
  std::vector<RunRow> runs{scaling_run("", 1, 100, 1000, {}),
                           scaling_run("", 2, 52, 1050, {}),
                           scaling_run("", 4, 28, 1150, {}),
                           scaling_run("", 8, 16, 1380, {})};
  PlanRequest request;
  request.gpus = {16};
  const ScalingPlan plan = plan_scaling(measured(runs), request);
  EXPECT_GT(plan.setups[0].time_s, 8);
  EXPECT_LT(plan.setups[0].time_s, 11);
  request.samples = 100;
  EXPECT_THROW((void)plan_scaling(measured(runs), request), UsageError);
}

TEST(ScalingPlan, AsksForSamplesWhereTheyVary) {
  PlanRequest request;
  request.gpus = {64};
  try {
    (void)plan_scaling(measured(study2_runs()), request);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("--epochs N --dataset N"));
  }
}

TEST(ScalingPlan, NeedsMoreSamplesBeyondTheCriticalBatch) {
  PlanRequest request;
  request.gpus = {64};
  request.local_batches = {16, 256};
  request.demand = BatchDemand{1e6, 4096};
  const ScalingPlan plan = plan_scaling(measured(study2_runs()), request);
  EXPECT_DOUBLE_EQ(*plan.setups[0].samples_factor, 1.25);
  EXPECT_DOUBLE_EQ(*plan.setups[1].samples_factor, 5);
  EXPECT_DOUBLE_EQ(*plan.setups[1].samples, 5e6);
  EXPECT_DOUBLE_EQ(BatchDemand{}.samples(4096), 0);
}

TEST(ScalingPlan, KnowsNoSamplesBeyondTheBatchesThatReachedTheGoal) {
  PlanRequest request;
  request.gpus = {64};
  request.local_batches = {16, 64, 96, 128, 256};
  request.demand = BatchDemand{1e6, std::nullopt, true, {256, 4096}, {8192}};
  const ScalingPlan plan = plan_scaling(measured(study2_runs()), request);
  ASSERT_EQ(plan.setups.size(), 5U);
  EXPECT_EQ(plan.setups[0].samples_factor, 1);
  EXPECT_EQ(plan.setups[1].samples_factor, 1) << "the largest that reached it";
  EXPECT_EQ(plan.setups[2].samples_factor, std::nullopt);
  EXPECT_DOUBLE_EQ(plan.setups[2].beyond_reached, 1.5);
  EXPECT_EQ(plan.setups[2].missed_batch, std::nullopt);
  EXPECT_EQ(plan.setups[3].missed_batch, 8192);
  EXPECT_EQ(plan.setups[4].missed_batch, 8192);
  EXPECT_EQ(plan.setups[4].samples_factor, std::nullopt);
}

TEST(ScalingPlan, LeavesOutBatchesSmallerThanTheGpus) {
  PlanRequest request;
  request.gpus = {64, 512};
  request.global_batches = {256};
  request.samples = 1e6;
  const ScalingPlan plan = plan_scaling(measured(study2_runs()), request);
  EXPECT_EQ(plan.setups.size(), 1U);
  ASSERT_EQ(plan.notes.size(), 1U);
  EXPECT_THAT(plan.notes[0], HasSubstr("more GPUs than samples"));
}

}  // namespace
}  // namespace gradwatt
