#include "supervise/job_identity.h"

#include <gtest/gtest.h>

#include <map>

namespace gradwatt {
namespace {

std::optional<JobIdentity> job_in(const std::map<std::string, std::string>& environment,
                                  const std::string& group = "") {
  return identify_job(
      [&](const char* name) -> std::optional<std::string> {
        const auto found = environment.find(name);
        return found == environment.end() ? std::nullopt : std::optional(found->second);
      },
      group,
      "host");
}

TEST(IdentifyJob, ReadsTheExampleOfItsHeader) {
  const auto job = job_in({{"SLURM_JOB_ID", "7"},
                           {"SLURM_STEP_ID", "0"},
                           {"SLURM_NTASKS", "4"},
                           {"SLURM_PROCID", "2"},
                           {"SLURM_NODEID", "1"},
                           {"SLURM_STEP_NUM_NODES", "2"},
                           {"SLURM_STEP_TASKS_PER_NODE", "1,3"},
                           {"SLURMD_NODENAME", "n1"}});
  ASSERT_TRUE(job);
  EXPECT_EQ(job->job, "slurm-7.0");
  EXPECT_EQ(job->rank, 2);
  EXPECT_EQ(job->node, "n1");
  EXPECT_EQ(job->nodes, 2);
  EXPECT_EQ(job->ranks_here, 3);
}

TEST(IdentifyJob, IsNoneForASingleProcess) {
  EXPECT_FALSE(job_in({}));
  EXPECT_FALSE(job_in({{"SLURM_JOB_ID", "7"},
                       {"SLURM_STEP_ID", "0"},
                       {"SLURM_NTASKS", "1"},
                       {"SLURM_PROCID", "0"}}));
  EXPECT_FALSE(job_in({{"OMPI_COMM_WORLD_RANK", "0"}, {"OMPI_COMM_WORLD_SIZE", "1"}}));
}

TEST(IdentifyJob, IsNoneInABatchScript) {
  EXPECT_FALSE(job_in({{"SLURM_JOB_ID", "7"}, {"SLURM_NTASKS", "4"}, {"SLURM_PROCID", "0"}}));
  EXPECT_FALSE(job_in({{"SLURM_JOB_ID", "7"},
                       {"SLURM_STEP_ID", "4294967291"},
                       {"SLURM_NTASKS", "4"},
                       {"SLURM_PROCID", "0"}}));
}

TEST(IdentifyJob, TellsTorchrunsRanksInsideOfSrunFromSrunsOwn) {
  const auto job = job_in({{"SLURM_JOB_ID", "7"},
                           {"SLURM_STEP_ID", "1"},
                           {"SLURM_NTASKS", "2"},
                           {"SLURM_PROCID", "1"},
                           {"TORCHELASTIC_RUN_ID", "none"},
                           {"TORCHELASTIC_RESTART_COUNT", "0"},
                           {"RANK", "5"},
                           {"WORLD_SIZE", "8"},
                           {"LOCAL_WORLD_SIZE", "4"},
                           {"MASTER_ADDR", "n1"},
                           {"MASTER_PORT", "29500"}});
  ASSERT_TRUE(job);
  EXPECT_EQ(job->outer, "slurm-7.1");
  EXPECT_EQ(job->job, "slurm-7.1-n1-29500-t0");
  EXPECT_EQ(job->rank, 5);
  EXPECT_EQ(job->nodes, 2);
}

TEST(IdentifyJob, TakesOpenMpisRanksBeforeTheStepThatStartedItsDaemons) {
  const auto job = job_in({{"SLURM_JOB_ID", "7"},
                           {"SLURM_STEP_ID", "1"},
                           {"SLURM_NTASKS", "2"},
                           {"SLURM_PROCID", "1"},
                           {"OMPI_COMM_WORLD_RANK", "3"},
                           {"OMPI_COMM_WORLD_SIZE", "4"},
                           {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"},
                           {"PMIX_NAMESPACE", "ns1"}});
  ASSERT_TRUE(job);
  EXPECT_EQ(job->rank, 3);
  EXPECT_EQ(job->nodes, 2);
  EXPECT_EQ(job->ranks_here, 2);
  EXPECT_NE(job->job.find("ns1"), std::string::npos);
}

TEST(IdentifyJob, JoinsWhatTheUserCallsAGroup) {
  const auto job = job_in({{"RANK", "1"}}, "mine");
  ASSERT_TRUE(job);
  EXPECT_EQ(job->job, "group-mine");
  EXPECT_EQ(job->rank, 1);
  EXPECT_EQ(job->node, "host");
  EXPECT_FALSE(job->nodes);
}

TEST(TasksOnNode, ReadsSlurmsList) {
  EXPECT_EQ(tasks_on_node("2(x3),1", 0), 2);
  EXPECT_EQ(tasks_on_node("2(x3),1", 2), 2);
  EXPECT_EQ(tasks_on_node("2(x3),1", 3), 1);
  EXPECT_FALSE(tasks_on_node("2(x3),1", 4));
  EXPECT_FALSE(tasks_on_node("2(x", 0));
  EXPECT_FALSE(tasks_on_node("", 0));
}

}  // namespace
}  // namespace gradwatt
