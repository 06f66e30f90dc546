#include "analyze/scaling_setup.h"

#include "analyze/run_table.h"
#include "analyze/scaling_rows_test.h"
#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

TEST(ScalingTable, DerivesWhatIsMissing) {
  RunRow run = scaling_run("", 4, 1800, 1e6, 80000);
  run.global_batch = 256;
  const ScalingTable table = scaling_table(std::vector{run}, std::nullopt);
  ASSERT_EQ(table.groups.size(), 1U);
  const ScalingSetup& setup = table.groups[0].setups.at(0);
  EXPECT_DOUBLE_EQ(setup.gpu_hours, 2);
  EXPECT_DOUBLE_EQ(*setup.local_batch, 64);
  EXPECT_DOUBLE_EQ(*setup.updates, 312.5);
  EXPECT_FALSE(setup.nodes.has_value());
}

TEST(ScalingTable, TakesGpusFromHoursAndTime) {
  RunRow run = scaling_run("", 1, 1800, 1e6, std::nullopt);
  run.gpus = std::nullopt;
  run.gpu_hours = 4;
  const ScalingTable table = scaling_table(std::vector{run}, std::nullopt);
  EXPECT_DOUBLE_EQ(*table.groups[0].setups.at(0).gpus, 8);
}

TEST(ScalingTable, TakesNumbersFromFactorsAndParams) {
  RunRow run = scaling_run("", 1, 1800, 1e6, 80000);
  run.gpus = std::nullopt;
  run.factors = {{"ranks", "2"}, {"local_batch", "32"}};
  ScalingSetup setup = scaling_table(std::vector{run}, std::nullopt).groups[0].setups.at(0);
  EXPECT_DOUBLE_EQ(*setup.gpus, 2);
  EXPECT_DOUBLE_EQ(*setup.global_batch, 64);
  run.params["ranks"] = "4";
  setup = scaling_table(std::vector{run}, std::nullopt).groups[0].setups.at(0);
  EXPECT_DOUBLE_EQ(*setup.gpus, 4);
}

TEST(ScalingTable, SumsEpochsWhereAllAreKnown) {
  RunRow run = scaling_run("", 2, 1000, 500, std::nullopt);
  run.epochs = {{1, 100, 20, {}, true, {}, 640, 10}, {2, 90, 18, {}, true, {}, 640, 10}};
  const ScalingSetup setup = scaling_table(std::vector{run}, std::nullopt).groups[0].setups.at(0);
  EXPECT_DOUBLE_EQ(setup.energy_j, 190);
  EXPECT_DOUBLE_EQ(setup.training().time_s, 38);
  EXPECT_DOUBLE_EQ(*setup.updates, 20);
  EXPECT_DOUBLE_EQ(*setup.global_batch, 64);
}

TEST(ScalingTable, AveragesRepeats) {
  std::vector<RunRow> runs{scaling_run("", 4, 100, 1000, 500),
                           scaling_run("", 4, 110, 1200, 505),
                           scaling_run("", 4, 400, 4000, 2000)};
  const ScalingTable table = scaling_table(runs, std::nullopt);
  ASSERT_EQ(table.groups[0].setups.size(), 2U);
  EXPECT_DOUBLE_EQ(table.groups[0].setups[0].energy_j, 1100);
  EXPECT_EQ(table.groups[0].setups[0].runs.size(), 2U);
  EXPECT_EQ(table.runs, 3);
}

TEST(ScalingTable, TellsJobsApartByTextThatVaries) {
  const ScalingTable table = scaling_table(mlperf_runs(), std::nullopt);
  ASSERT_EQ(table.groups.size(), 4U);
  EXPECT_EQ(table.groups[0].factors[0].second, "llama");
  EXPECT_EQ(table.groups[0].setups.size(), 2U);
  EXPECT_EQ(table.all().size(), 8U);
}

TEST(ScalingTable, TellsJobsApartByAPowerLimitThatVaries) {
  const RunTable table = parse_run_table(
      "gpus,device_power_limit_w,duration_s,energy_j,samples\n"
      "1,400,100,1000,500\n2,400,52,1050,500\n4,400,28,1150,500\n"
      "1,700,80,1200,500\n2,700,42,1260,500\n4,700,23,1380,500\n",
      "t.csv");
  const ScalingTable apart = scaling_table(table.runs, std::nullopt);
  ASSERT_EQ(apart.groups.size(), 2U);
  EXPECT_EQ(apart.groups[0].factors.at(0).first, "power_limit_w");
  EXPECT_EQ(apart.groups[0].factors.at(0).second, "400");
  EXPECT_EQ(apart.groups[1].factors.at(0).second, "700");
  EXPECT_EQ(apart.groups[0].setups.size(), 3U);
  EXPECT_EQ(apart.groups[1].setups.size(), 3U);
}

TEST(ScalingTable, TakesNoSizeForAJob) {
  std::vector<RunRow> runs = study2_runs();
  for (RunRow& run : runs) {
    run.factors = {{"gpus", fmt::format("{}", *run.gpus)}, {"seed", "a"}};
  }
  const ScalingTable table = scaling_table(runs, std::nullopt);
  EXPECT_EQ(table.groups.size(), 1U);
  EXPECT_EQ(table.groups[0].setups.size(), 17U);
}

TEST(ScalingTable, CountsASetupOfTwoSeriesOnce) {
  std::vector<RunRow> runs = study2_runs();
  const auto papers = paper_trainings();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    runs[i].factors = {{"series", papers[i].series}};
  }
  const ScalingTable table = scaling_table(runs, std::nullopt);
  EXPECT_EQ(table.groups.size(), 3U);
  EXPECT_EQ(table.all().size(), 17U);
}

TEST(ScalingTable, NamesWhatItLeavesOut) {
  std::vector<RunRow> runs{scaling_run("", 4, 100, 1000, 500)};
  runs.push_back(runs[0]);
  runs[1].total_j = std::nullopt;
  runs.push_back(runs[0]);
  runs[2].duration_s = std::nullopt;
  const ScalingTable table = scaling_table(runs, std::nullopt);
  EXPECT_EQ(table.runs, 1);
  ASSERT_EQ(table.notes.size(), 2U);
  EXPECT_THAT(table.notes[0], HasSubstr("no energy is known (energy_j)"));
  EXPECT_THAT(table.notes[1], HasSubstr("neither time nor GPU hours"));
}

TEST(ScalingTable, SaysWhichFactorsThereAre) {
  try {
    (void)scaling_table(mlperf_runs(), std::vector<std::string>{"jb"});
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean job?"));
  }
}

}  // namespace
}  // namespace gradwatt
