#include "train/parallel/place.h"

#include "base/error.h"

#include <gtest/gtest.h>

#include <map>

namespace gradwatt {
namespace {

using Variables = std::map<std::string, std::string>;

Place placed(const Variables& variables) {
  return place_from([&](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(Place, IsAloneWithoutALauncher) { EXPECT_EQ(placed({}), Place{}); }

TEST(Place, OfTorchrunHasRanksAndAddress) {
  const Place place = placed({{"RANK", "5"},
                              {"WORLD_SIZE", "8"},
                              {"LOCAL_RANK", "1"},
                              {"LOCAL_WORLD_SIZE", "4"},
                              {"MASTER_ADDR", "node7"},
                              {"MASTER_PORT", "29400"},
                              {"TORCHELASTIC_USE_AGENT_STORE", "True"},
                              {"TORCHELASTIC_RESTART_COUNT", "2"}});
  EXPECT_EQ(place.rank, 5);
  EXPECT_EQ(place.world, 8);
  EXPECT_EQ(place.local_rank, 1);
  EXPECT_EQ(place.local_world, 4);
  EXPECT_EQ(place.address, "node7");
  EXPECT_EQ(place.port, 29400);
  EXPECT_TRUE(place.is_hosted);
  EXPECT_EQ(place.attempt, "2");
}

TEST(Place, OfSlurmIsOnTheFirstNodeOfTheStep) {
  const Place place = placed({{"SLURM_PROCID", "5"},
                              {"SLURM_NTASKS", "16"},
                              {"SLURM_STEP_NUM_TASKS", "8"},
                              {"SLURM_LOCALID", "1"},
                              {"SLURM_STEP_TASKS_PER_NODE", "4(x2)"},
                              {"SLURM_JOB_ID", "77"},
                              {"SLURM_STEP_NODELIST", "n[3-5,9]"}});
  EXPECT_EQ(place.rank, 5);
  EXPECT_EQ(place.world, 8);
  EXPECT_EQ(place.local_world, 4);
  EXPECT_EQ(place.address, "n3");
  EXPECT_GE(place.port, 20000);
  EXPECT_LT(place.port, 40000);
}

TEST(Place, OfSlurmKnowsHowManyShareItsNode) {
  Variables task{{"SLURM_PROCID", "8"},
                 {"SLURM_STEP_NUM_TASKS", "9"},
                 {"SLURM_STEP_TASKS_PER_NODE", "4(x2),1"},
                 {"SLURM_STEP_NODELIST", "n[1-3]"},
                 {"SLURM_NODEID", "2"}};
  EXPECT_EQ(placed(task).local_world, 1);
  task["SLURM_NODEID"] = "1";
  EXPECT_EQ(placed(task).local_world, 4);
}

TEST(Place, OfABatchScriptIsAlone) {
  Variables script{{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}, {"SLURM_TASK_PID", "99"}};
  EXPECT_TRUE(placed(script).is_alone());
  script["SLURM_STEP_ID"] = "0";
  EXPECT_FALSE(placed(script).is_alone()) << "but srun's tasks are not";
}

TEST(Place, OfOneSlurmTaskIsAlone) {
  EXPECT_TRUE(placed({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "1"}}).is_alone());
}

TEST(Place, OfOpenMpiComesBeforeSlurmInWhichItRuns) {
  const Place place = placed({{"OMPI_COMM_WORLD_RANK", "1"},
                              {"OMPI_COMM_WORLD_SIZE", "2"},
                              {"OMPI_COMM_WORLD_LOCAL_RANK", "1"},
                              {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"},
                              {"SLURM_PROCID", "0"},
                              {"SLURM_NTASKS", "4"}});
  EXPECT_EQ(place.launcher, "openmpi");
  EXPECT_EQ(place.rank, 1);
  EXPECT_EQ(place.address, "127.0.0.1");
}

TEST(Place, OfPmiUnderSrunIsSlurms) {
  Variables task{{"PMI_RANK", "5"},
                 {"PMI_SIZE", "8"},
                 {"SLURM_PROCID", "5"},
                 {"SLURM_NTASKS", "16"},
                 {"SLURM_STEP_NUM_TASKS", "8"},
                 {"SLURM_STEP_ID", "0"},
                 {"SLURM_TASK_PID", "99"},
                 {"SLURM_LOCALID", "1"},
                 {"SLURM_NODEID", "1"},
                 {"SLURM_STEP_TASKS_PER_NODE", "4(x2)"},
                 {"SLURM_STEP_NODELIST", "n[3-4]"}};
  const Place place = placed(task);
  EXPECT_EQ(place.launcher, "slurm");
  EXPECT_EQ(place.rank, 5);
  EXPECT_EQ(place.world, 8);
  EXPECT_EQ(place.local_rank, 1);
  EXPECT_EQ(place.local_world, 4);
  EXPECT_EQ(place.address, "n3");
  task.erase("SLURM_STEP_NUM_TASKS");
  EXPECT_EQ(placed(task).launcher, "pmi") << "16 tasks are not these 8 ranks";
  task["SLURM_NTASKS"] = "8";
  EXPECT_EQ(placed(task).launcher, "slurm");
}

TEST(Place, OfHydraInAJobOfSlurmIsHydras) {
  // Hydra starts one process a node with srun, and its ranks below these.
  Variables rank{{"PMI_RANK", "1"},
                 {"PMI_SIZE", "4"},
                 {"MPI_LOCALRANKID", "1"},
                 {"MPI_LOCALNRANKS", "2"},
                 {"SLURM_PROCID", "0"},
                 {"SLURM_STEP_NUM_TASKS", "2"},
                 {"SLURM_STEP_ID", "0"},
                 {"SLURM_LOCALID", "0"},
                 {"SLURM_STEP_NODELIST", "n[3-4]"}};
  EXPECT_EQ(placed(rank).launcher, "pmi");
  EXPECT_EQ(placed(rank).local_rank, 1);
  EXPECT_EQ(placed(rank).address, "n3");
  // In a batch script, whose own rank and tasks may look alike.
  const Variables first{{"PMI_RANK", "0"},
                        {"PMI_SIZE", "4"},
                        {"SLURM_PROCID", "0"},
                        {"SLURM_NTASKS", "4"},
                        {"SLURM_LOCALID", "0"},
                        {"SLURM_TASK_PID", "99"}};
  EXPECT_EQ(placed(first).launcher, "pmi");
}

TEST(Place, OfTheSameJobHasTheSamePortAndOfAnotherMostlyAnother) {
  const Variables job{{"PMI_RANK", "0"}, {"PMI_SIZE", "2"}, {"PMIX_NAMESPACE", "a"}};
  Variables other_rank = job;
  other_rank["PMI_RANK"] = "1";
  Variables other_job = job;
  other_job["PMIX_NAMESPACE"] = "b";
  EXPECT_EQ(placed(job).port, placed(other_rank).port);
  EXPECT_NE(placed(job).port, placed(other_job).port);
}

TEST(Place, RefusesWhatCannotBe) {
  EXPECT_THROW(placed({{"RANK", "two"}, {"WORLD_SIZE", "4"}}), Error);
  EXPECT_THROW(placed({{"RANK", "4"}, {"WORLD_SIZE", "4"}}), Error);
  EXPECT_THROW(
      placed({{"RANK", "1"}, {"WORLD_SIZE", "4"}, {"LOCAL_RANK", "1"}, {"LOCAL_WORLD_SIZE", "2"}}),
      Error);
}

TEST(FirstHost, ReadsSlurmsLists) {
  EXPECT_EQ(first_host("gpu[003-005,9],x1"), "gpu003");
  EXPECT_EQ(first_host("x1,gpu[003-005]"), "x1");
  EXPECT_EQ(first_host("alone"), "alone");
  EXPECT_EQ(first_host("n[3,7]"), "n3");
}

}  // namespace
}  // namespace gradwatt
