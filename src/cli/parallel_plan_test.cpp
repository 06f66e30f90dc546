#include "cli/parallel_plan.h"

#include "base/error.h"
#include "cli/cluster_job.h"
#include "experiment/sweep_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace gradwatt {
namespace {

using testing::Contains;
using testing::HasSubstr;

StudyRequest parallel_request(const std::string& on, const std::string& scale = "small") {
  StudyRequest request;
  request.on = on;
  request.scale = scale;
  return request;
}

TEST(ParallelPlan, HasNineSweepsAndPretrainingBeforeFineTuning) {
  const StudyPlan plan = plan_parallel({});
  ASSERT_EQ(plan.run.size(), 9U);
  EXPECT_EQ(plan.run[6].name, "era5-local");
  EXPECT_EQ(plan.run[8].name, "era5-finetune");
  for (const StudyStep& step : plan.run) {
    EXPECT_EQ(plan_sweep(step.sweep, 1, "gradwatt-train").size(), 6U) << step.name;
    EXPECT_EQ(step.sweep.name, "pt-small-" + step.name);
    EXPECT_TRUE(step.sweep.goal.has_value());
  }
  ASSERT_EQ(plan.to_make.size(), 2U);
  EXPECT_EQ(plan.to_make[1].name, "era5");
  const auto written = plan_sweep(plan.run[6].sweep, 1, "t");
  const auto read = plan_sweep(plan.run[8].sweep, 1, "t");
  const auto has = [](const std::vector<PlannedPoint>& points, const std::string& word) {
    return std::any_of(points.begin(), points.end(), [&](const PlannedPoint& point) {
      return testing::Matches(Contains(word))(point.command);
    });
  };
  for (const char* file : {"weights/era5-1-1.safetensors", "weights/era5-1-2.safetensors"}) {
    EXPECT_TRUE(has(written, std::string("--save-weights=") + file));
    EXPECT_TRUE(has(read, std::string("--weights=") + file));
  }
}

TEST(ParallelPlan, KnowsItsFilesByTheirOwnNamesAtThePapersScaleAlone) {
  for (const StudyStep& step : name_parallel(parallel_request("study", "paper")).all) {
    EXPECT_EQ(step.swept_alone, step.name);
    EXPECT_EQ(step.sweep.name, "pt-paper-" + step.name);
  }
  for (const StudyRequest& other :
       {parallel_request("study"), parallel_request("simulated", "paper")}) {
    EXPECT_EQ(name_parallel(other).all.front().swept_alone, "");
  }
}

/// Ranks times the share of the data set's images of each point.
std::vector<double> images_per_rank(const SweepFile& sweep) {
  std::vector<double> images;
  for (const std::string& ranks : sweep.axes.front().values) {
    const auto values = values_of(sweep, {{"ranks", ranks}}, 0);
    images.push_back(std::stod(values.at("subset")) / std::stod(ranks));
  }
  return images;
}

TEST(ParallelPlan, GrowsTheDataWithTheRanks) {
  for (const char* scale : {"small", "paper"}) {
    for (const StudyStep& step : name_parallel(parallel_request("study", scale)).all) {
      if (step.name.find("-growing-") != std::string::npos) {
        const auto images = images_per_rank(step.sweep);
        EXPECT_THAT(images, testing::Each(images.front())) << step.name;
        EXPECT_EQ(
            values_of(step.sweep, {{"ranks", step.sweep.axes[0].values.back()}}, 0).at("subset"),
            "1");
      }
    }
  }
}

TEST(ParallelPlan, NeedsTheDataOfThePapersScaleUnlessItIsSimulated) {
  EXPECT_THROW(static_cast<void>(plan_parallel(parallel_request("study", "paper"))), UsageError);
  const StudyPlan plan = plan_parallel(parallel_request("simulated"));
  EXPECT_EQ(plan.run.size(), 6U);
  EXPECT_TRUE(plan.to_make.empty());
  EXPECT_EQ(plan.run.front().sweep.name, "pt-simulated-imagenet-constant-local");
  EXPECT_EQ(plan_sweep(plan.run.front().sweep, 1, "t").size(), 45U);
  EXPECT_EQ(parallel_folder("/s", parallel_request("simulated", "paper")),
            "/s/reproduce/parallel-simulated");
}

TEST(ClusterJob, TakesTimeAndPowerFromThePublishedRows) {
  ClusterJob job;
  job.gpus = 256;
  job.global_batch = 65536;
  const ClusterRun run = cluster_run_of(job);
  EXPECT_EQ(run.steps, 20);
  EXPECT_EQ(run.samples, 1281167);
  EXPECT_EQ(run.nodes(), 64);
  EXPECT_NEAR(seconds(run.epoch), 15.3, 0.05);
  EXPECT_NEAR(run.node_power.watts, 216, 0.5);
  EXPECT_NEAR(run.device_power.watts, 70.1 + 0.449 * 5004.6 / 15.34 + 1.78 * 20 / 15.34, 0.5);
  EXPECT_NEAR(run.metric->second, 1 - 0.3396, 0.002);
  job.dataset_share = 0.5;
  EXPECT_FALSE(cluster_run_of(job).metric.has_value());
  job.local_batch = 0;
  EXPECT_THROW(static_cast<void>(cluster_run_of(job)), UsageError);
}

TEST(ClusterJob, SimulatesWhatTheStoreDoesNotHave) {
  const auto root = std::filesystem::path(testing::TempDir()) / "cluster-job-store";
  std::filesystem::remove_all(root);
  StudyPlan plan = plan_parallel(parallel_request("simulated"));
  SweepFile& sweep = plan.run[5].sweep;
  sweep.repeat = 1;
  const Store store(root);
  EXPECT_EQ(simulate_sweep(sweep, store), 4);
  EXPECT_EQ(simulate_sweep(sweep, store), 0);
  sweep.repeat = 2;
  EXPECT_EQ(simulate_sweep(sweep, store), 4);
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace gradwatt
