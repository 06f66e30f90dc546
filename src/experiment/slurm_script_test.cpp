#include "experiment/slurm_script.h"

#include "base/error.h"
#include "experiment/captured_command.h"
#include "experiment/slurm_queue.h"
#include "experiment/sweep_file.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

namespace gradwatt {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// A folder for what a sweep on Slurm writes, and a plan of two points.
class SlurmSweep : public testing::Test {
 protected:
  SlurmSweep() {
    std::string pattern = testing::TempDir() + "gradwatt-slurm-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    submission_ = {"s", "T0", "/bin/echo", folder_ / "a 'store'", folder_, folder_, {}, {}};
    for (int i = 0; i < 2; ++i) {
      PlannedPoint point;
      point.point = {"s", "key" + std::to_string(i), {}, 0};
      point.command = {"python", "a b; $(rm -rf *) 'c'\n\"d\"", std::to_string(i)};
      point.position = i + 1;
      points_.push_back(point);
    }
  }
  ~SlurmSweep() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::vector<const PlannedPoint*> all() const {
    return {&points_.front(), &points_.back()};
  }

  /// Runs task `task` of the script. Returns its exit status and what went to the point's log.
  [[nodiscard]] std::pair<int, std::string> run_task(const std::string& task,
                                                     const SlurmLauncher& launcher) const {
    const auto script = folder_ / "script.sh";
    std::ofstream(script) << slurm_script(all(), launcher, submission_);
    const CapturedCommand done =
        run_captured({"env", "SLURM_ARRAY_TASK_ID=" + task, "sh", script.string()});
    return {done.exit_status,
            run_captured({"cat", (folder_ / ("key" + task + ".log")).string()}).output};
  }

  std::filesystem::path folder_;
  SlurmSubmission submission_;
  std::vector<PlannedPoint> points_;
};

TEST_F(SlurmSweep, RunsThePointOfItsTaskWithEveryWordUntouched) {
  const auto [status, log] = run_task("1", {});
  EXPECT_EQ(status, 0);
  EXPECT_THAT(log, HasSubstr("run --quiet -n s#2 --point {\"sweep\":\"s\",\"key\":\"key1\""));
  EXPECT_THAT(log, HasSubstr("-- python a b; $(rm -rf *) 'c'\n\"d\" 1\n"));
}

TEST_F(SlurmSweep, HasNoPointForOtherTasks) { EXPECT_EQ(run_task("2", {}).first, 125); }

TEST_F(SlurmSweep, StartsSeveralProcessesWithSrun) {
  EXPECT_THAT(
      slurm_script(all(), {{}, 2, 8, 0}, submission_),
      HasSubstr("exec srun --nodes=2 --ntasks=8 --kill-on-bad-exit=1 /bin/echo run --quiet"));
  EXPECT_THAT(slurm_script(all(), {}, submission_), Not(HasSubstr("srun")));
}

TEST_F(SlurmSweep, GivesSrunTheProcessorsOfTheJob) {
  const auto script = folder_ / "several.sh";
  std::ofstream(script) << slurm_script(all(), {{}, 1, 2, 0}, submission_);
  std::ofstream(folder_ / "srun") << "#!/bin/sh\necho \"cpus $SRUN_CPUS_PER_TASK\"\n";
  std::filesystem::permissions(folder_ / "srun", std::filesystem::perms::owner_all);
  const std::string path = "PATH=" + folder_.string() + ":/usr/bin:/bin";
  const auto log = [&](const std::string& cpus) {
    const CapturedCommand done = run_captured({"env",
                                               "-u",
                                               "SRUN_CPUS_PER_TASK",
                                               path,
                                               "SLURM_ARRAY_TASK_ID=0",
                                               "SLURM_CPUS_PER_TASK=" + cpus,
                                               "sh",
                                               script.string()});
    EXPECT_EQ(done.exit_status, 0) << done.errors;
    return run_captured({"cat", (folder_ / "key0.log").string()}).output;
  };
  EXPECT_EQ(log("12"), "cpus 12\n");
  EXPECT_EQ(log(""), "cpus \n");
}

TEST_F(SlurmSweep, WaitsForACooldownInWholeSeconds) {
  submission_.cooldown = std::chrono::seconds(30);
  EXPECT_THAT(slurm_script(all(), {}, submission_), HasSubstr("\nsleep 30\n"));
}

TEST_F(SlurmSweep, AsksSbatchForAnArray) {
  submission_.logs = "/logs/50%";
  EXPECT_THAT(sbatch_command(10, {{"--partition=gpu"}, 2, 8, 4}, submission_, "/s.sh"),
              ElementsAre("sbatch",
                          "--parsable",
                          "--job-name=gradwatt:s:T0",
                          "--array=0-9%4",
                          "--output=/logs/50%%/slurm-T0-%a.out",
                          "--nodes=2",
                          "--ntasks=8",
                          "--partition=gpu",
                          "/s.sh"));
}

TEST_F(SlurmSweep, AsksSbatchForAsManyTasksOnANodeAsItMayHave) {
  SlurmLauncher launcher{{}, 2, 8, 0, 4};
  EXPECT_THAT(sbatch_command(1, launcher, submission_, "/s.sh"), Contains("--ntasks-per-node=4"));
  launcher.nodes = 1;
  launcher.ntasks = 2;
  EXPECT_THAT(sbatch_command(1, launcher, submission_, "/s.sh"), Contains("--ntasks-per-node=2"));
}

TEST_F(SlurmSweep, KnowsWhichPointsAreQueued) {
  const SlurmRecords records(folder_);
  records.note("T0", all(), 7, "");
  const auto states = queued_points("s", records, [](const auto& command) {
    EXPECT_EQ(command.front(), "squeue");
    return CapturedCommand{0,
                           "12_1|RUNNING|gradwatt:s:T0\n12_0|PENDING|gradwatt:s:T0\n"
                           "12_9|PENDING|gradwatt:s:T0\n13_0|PENDING|gradwatt:s2:T0\n"
                           "14_0|PENDING|gradwatt:s:T1\n15|RUNNING|bash\nnonsense\n",
                           ""};
  });
  EXPECT_EQ(states, (std::map<std::string, std::string>{{"key0", "PENDING"}, {"key1", "RUNNING"}}));
  EXPECT_EQ(records.seed(), 7U);
  EXPECT_EQ(records.submitted().at("key1"), "T0");
}

TEST_F(SlurmSweep, DoesNotTakeASilentQueueForAnEmptyOne) {
  const SlurmRecords records(folder_);
  try {
    static_cast<void>(queued_points("s", records, [](const auto&) {
      return CapturedCommand{1, "", "slurm_load_jobs error: Unable to contact slurm controller\n"};
    }));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("Unable to contact slurm controller"));
    EXPECT_THAT(error.what(), HasSubstr("nothing was submitted"));
  }
}

TEST(SubmitToSlurm, ReturnsTheJobsNumberOrWhatSbatchSaid) {
  const auto answering = [](int status, const char* output, const char* errors) {
    return [=](const std::vector<std::string>&) { return CapturedCommand{status, output, errors}; };
  };
  EXPECT_EQ(submit_to_slurm({"sbatch"}, answering(0, "123\n", "")), "123");
  EXPECT_EQ(submit_to_slurm({"sbatch"}, answering(0, "123;cluster\n", "")), "123");
  try {
    static_cast<void>(submit_to_slurm(
        {"sbatch"}, answering(1, "", "sbatch: error: invalid partition specified: x\n")));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("invalid partition specified: x"));
  }
}

TEST(RunCaptured, KeepsBothOutputsAndTheStatus) {
  EXPECT_EQ(run_captured({"echo", "a b"}).output, "a b\n");
  const CapturedCommand done = run_captured({"sh", "-c", "echo out; echo err >&2; exit 7"});
  EXPECT_EQ(done.output, "out\n");
  EXPECT_EQ(done.errors, "err\n");
  EXPECT_EQ(done.exit_status, 7);
  EXPECT_EQ(run_captured({"there-is-no-such-program"}).exit_status, kNoSuchProgram);
}

SweepFile with_launcher(const std::string& lines, const std::string& rules = "") {
  return parse_sweep_file("[sweep]\nname = 's'\ncommand = ['t', '{lr}']\n" + rules +
                              "\n[axes]\nlr = [1]\n[launcher]\nkind = 'slurm'\n" + lines,
                          "f.toml");
}

std::string launcher_refusal(const std::string& lines, const std::string& rules = "") {
  try {
    static_cast<void>(with_launcher(lines, rules));
    return "";
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(SlurmLauncherTable, IsRead) {
  const auto file = with_launcher(
      "sbatch = ['--partition=gpu', '--gres=gpu:4']\nnodes = 2\nntasks = 8\narray_parallel = 3");
  ASSERT_TRUE(file.slurm);
  EXPECT_THAT(file.slurm->sbatch, ElementsAre("--partition=gpu", "--gres=gpu:4"));
  EXPECT_EQ(file.slurm->nodes, 2);
  EXPECT_EQ(file.slurm->ntasks, 8);
  EXPECT_EQ(file.slurm->array_parallel, 3);
  EXPECT_FALSE(with_launcher("").slurm->uses_srun());
  EXPECT_EQ(with_launcher("nodes = 2").slurm->ntasks, 2);
}

TEST(SlurmLauncherTable, RefusesWhatTheSweepSetsItself) {
  EXPECT_THAT(launcher_refusal("sbatch = ['--array=1-3']"),
              HasSubstr("is set by the sweep itself"));
  EXPECT_THAT(launcher_refusal("sbatch = ['-N2']"), HasSubstr("write nodes = ... in [launcher]"));
  EXPECT_THAT(launcher_refusal("sbatch = ['-p', 'gpu']"),
              HasSubstr("'gpu' is no option of sbatch"));
  EXPECT_THAT(launcher_refusal("sbatch = '-p gpu'"), HasSubstr("a list of options"));
  EXPECT_THAT(launcher_refusal("nodes = 3\nntasks = 2"), HasSubstr("fewer tasks than nodes"));
  EXPECT_THAT(launcher_refusal("nodes = 0"), HasSubstr("a whole number from 1"));
  EXPECT_EQ(launcher_refusal("sbatch = ['--nodelist=n1', '--ntasks-per-node=4']"), "");
}

TEST(SlurmLauncherTable, RefusesWhatNobodyWatches) {
  EXPECT_THAT(launcher_refusal("", "on_failure = 'stop'"), HasSubstr("on_failure = \"stop\""));
  EXPECT_THAT(launcher_refusal("[limit]\nmax_energy = '1 kWh'"), HasSubstr("nobody watches"));
}

}  // namespace
}  // namespace gradwatt
