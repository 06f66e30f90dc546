#include "analyze/environment_difference.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

RunRow run_where(std::map<std::string, std::string> environment) {
  RunRow run;
  run.environment = std::move(environment);
  run.total_j = 1;
  return run;
}

TEST(EnvironmentDifference, NamesWhatDiffersAndWhetherItForbids) {
  const std::vector<SideRuns> sides{
      {"a", {run_where({{"host", "n1"}, {"git_commit", "1a"}, {"SLURM_JOB_ID", "7"}})}},
      {"b",
       {run_where({{"host", "n2"}, {"git_commit", "2b"}, {"SLURM_JOB_ID", "8"}}),
        run_where({{"host", "n1"}, {"git_commit", "2b"}, {"gpu", "only here"}})}}};
  const auto differences = environment_differences(sides, "");
  ASSERT_EQ(differences.size(), 2U);
  EXPECT_EQ(differences[0].name, "git_commit");
  EXPECT_FALSE(differences[0].forbids);
  EXPECT_EQ(differences[1].name, "host");
  EXPECT_EQ(differences[1].of, "n1 or n2");
  EXPECT_EQ(differences[1].against, "n1");
  EXPECT_TRUE(differences[1].forbids);
}

TEST(EnvironmentDifference, NamesEstimatesBesideMeasurementsAndPowerLimits) {
  RunRow estimated = run_where({});
  estimated.estimated = true;
  estimated.power_limit_w = 300;
  RunRow measured = run_where({});
  measured.power_limit_w = 262.5;
  const std::vector<SideRuns> sides{{"a", {measured}}, {"b", {estimated}}};
  const auto differences = environment_differences(sides, "");
  ASSERT_EQ(differences.size(), 2U);
  EXPECT_EQ(differences[0].of, "estimated by a model");
  EXPECT_EQ(differences[1].against, "262.5 W");
  EXPECT_EQ(environment_differences(sides, "power_limit").size(), 1U);
}

TEST(EnvironmentDifference, TakesAPowerLimitThatIsAFactorForASetting) {
  RunRow low = run_where({});
  low.power_limit_w = 400;
  RunRow high = run_where({});
  high.power_limit_w = 700;
  EXPECT_EQ(mixed_environment(std::vector{low, high}).size(), 1U);
  low.factors = {{"power_limit_w", "400"}};
  high.factors = {{"power_limit_w", "700"}};
  EXPECT_TRUE(mixed_environment(std::vector{low, high}).empty());
}

TEST(EnvironmentDifference, CountsFinishedRunsAlone) {
  RunRow failed = run_where({{"host", "n2"}});
  failed.outcome = RunOutcome::failed;
  const std::vector<SideRuns> sides{{"a", {run_where({{"host", "n1"}})}},
                                    {"b", {run_where({{"host", "n1"}}), failed}}};
  EXPECT_TRUE(environment_differences(sides, "").empty());
}

}  // namespace
}  // namespace gradwatt
