#include "experiment/stored_attempts.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <limits>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

class StoredAttemptsTest : public testing::Test {
 protected:
  StoredAttemptsTest() {
    std::string pattern = (fs::temp_directory_path() / "gradwatt-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  ~StoredAttemptsTest() override { fs::remove_all(root_); }

  /// A stored run without a node file: its energy is unknown.
  void add_run(char last, RunState state, int exit_status, const std::string& seed) const {
    Manifest manifest;
    manifest.run_id = std::string("01ARZ3NDEKTSV4RRFFQ69G5FA") + last;
    manifest.command = {"true"};
    manifest.state = state;
    manifest.exit_status = exit_status;
    manifest.tags["sweep.seed"] = seed;
    manifest.point = SweepPoint{"s", std::string("key-") + last, {{"lr", "1e-4"}}, 0};
    save_manifest(Store(root_).create_run(manifest.run_id), manifest);
  }

  fs::path root_;
};

TEST_F(StoredAttemptsTest, ReadsStatesAndInventsNoEnergy) {
  add_run('A', RunState::done, 0, "1");
  add_run('B', RunState::failed, 7, "1");
  StoredAttempts attempts(Store(root_), "s", std::nullopt);
  const auto read = attempts.read();
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(state_of("key-A", read), PointState::done);
  EXPECT_EQ(state_of("key-B", read), PointState::failed);
  EXPECT_EQ(read[0].energy, std::nullopt);
  EXPECT_EQ(read[0].kind, EnergyKind::missing);
}

TEST_F(StoredAttemptsTest, TakesACommandThatWasStoppedAsInterrupted) {
  add_run('A', RunState::failed, 143, "1");
  StoredAttempts attempts(Store(root_), "s", std::nullopt);
  EXPECT_EQ(state_of("key-A", attempts.read()), PointState::open);
}

TEST_F(StoredAttemptsTest, TakesARunWhoseMonitorDiedAsInterrupted) {
  add_run('A', RunState::running, 0, "1");
  StoredAttempts attempts(Store(root_), "s", std::nullopt);
  EXPECT_EQ(state_of("key-A", attempts.read()), PointState::open);
}

TEST_F(StoredAttemptsTest, SeesRunsThatCameLaterAndNoOtherSweeps) {
  StoredAttempts attempts(Store(root_), "s", std::nullopt);
  StoredAttempts others(Store(root_), "other", std::nullopt);
  EXPECT_TRUE(attempts.read().empty());
  add_run('A', RunState::done, 0, "1");
  EXPECT_EQ(attempts.read().size(), 1U);
  EXPECT_TRUE(others.read().empty());
}

TEST_F(StoredAttemptsTest, FindsTheSeedOfTheNewestRun) {
  EXPECT_EQ(recorded_seed(Store(root_), "s"), std::nullopt);
  add_run('A', RunState::done, 0, "11");
  add_run('B', RunState::done, 0, "22");
  add_run('C', RunState::done, 0, "no number");
  EXPECT_EQ(recorded_seed(Store(root_), "s"), 22U);
}

TEST(BestMetric, IsTheBestFiniteValueOfAnyEpoch) {
  RunAccount account;
  for (const double value : {0.5, 0.9, std::numeric_limits<double>::quiet_NaN(), 0.7}) {
    EpochAccount epoch;
    epoch.metrics["m"] = value;
    account.epochs.push_back(epoch);
  }
  EXPECT_EQ(best_metric(account, {"m", 1, {}, false}), 0.9);
  EXPECT_EQ(best_metric(account, {"m", 1, {}, true}), 0.5);
  EXPECT_EQ(best_metric(account, {"other", 1, {}, false}), std::nullopt);
}

}  // namespace
}  // namespace gradwatt
