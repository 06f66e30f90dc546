#include "experiment/local_runner.h"

#include "base/error.h"
#include "base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sys/stat.h>

namespace gradwatt {
namespace {

using testing::ElementsAre;
namespace fs = std::filesystem;

class LocalRunnerTest : public testing::Test {
 protected:
  LocalRunnerTest() {
    std::string pattern = (fs::temp_directory_path() / "gradwatt-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  ~LocalRunnerTest() override { fs::remove_all(root_); }

  fs::path root_;
};

TEST_F(LocalRunnerTest, HandsEveryWordOfThePointToGradwattRun) {
  const PlannedPoint point{{"q", "abc", {{"lr", "1e-4"}}, 1}, {"sh", "-c", "exit 0"}, 3};
  EXPECT_THAT(run_arguments("/bin/gradwatt", point, {{"sweep.goal", "val_acc>=0.85"}}),
              ElementsAre("/bin/gradwatt",
                          "run",
                          "--quiet",
                          "-n",
                          "q#3",
                          "--point",
                          point_to_json(point.point),
                          "-t",
                          "sweep.position=3",
                          "-t",
                          "sweep.goal=val_acc>=0.85",
                          "--",
                          "sh",
                          "-c",
                          "exit 0"));
}

TEST_F(LocalRunnerTest, KeepsLogsPrivateAndShowsTheirEnd) {
  const SweepFolder folder(root_ / "store", "q");
  struct stat info {};
  ASSERT_EQ(::stat((root_ / "store" / "sweeps" / "q").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0700U);
  EXPECT_EQ(folder.end_of_log("k", 2), "");
  write_text_atomically(folder.log_of("k"), "one\ntwo\x1b[2J\nthree\n\n");
  EXPECT_EQ(folder.end_of_log("k", 2), "two[2J\nthree\n");
  EXPECT_EQ(folder.end_of_log("k", 9), "one\ntwo[2J\nthree\n");
}

TEST_F(LocalRunnerTest, RefusesASecondSweepOfTheSameName) {
  {
    const SweepLock first(root_, "q");
    EXPECT_THROW(SweepLock(root_, "q"), Error);
    EXPECT_NO_THROW(SweepLock(root_, "other"));
  }
  EXPECT_NO_THROW(SweepLock(root_, "q"));
}

}  // namespace
}  // namespace gradwatt
