#include "record/joint_account.h"

#include "base/error.h"
#include "record/account.h"
#include "record/job_folder.h"
#include "record/node_part.h"

#include <gmock/gmock.h>

#include <cstdlib>

namespace gradwatt {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kSecond = 1'000'000'000;

Instant second(std::int64_t s) { return Instant{s * kSecond}; }

/// A node with an even power, read each second from 0 to `length_s` of its run, and no error of its
/// own. Its monotonic clock is `ahead_s` ahead of the first node's.
NodeRecord even_node(const std::string& name, double watts, int length_s, std::int64_t ahead_s) {
  ChannelInfo info{"pkg0", "package-0", "rapl", "counter", "cpu-package"};
  info.in_total = true;
  info.power_max = Power{watts};
  info.power_min = Power{watts};
  NodeRecord record;
  record.host = name;
  record.begin = second(ahead_s);
  record.end = second(ahead_s + length_s);
  record.finished = true;
  record.sources = {{"rapl", {info}}};
  for (int s = 0; s <= length_s; ++s) {
    record.samples.push_back({0, second(ahead_s + s), {Energy::from_joules(watts * s)}, {}});
  }
  return record;
}

NodePart part_of_node(const std::string& name,
                      std::int64_t ahead_s,
                      std::optional<Duration> error) {
  NodePart part;
  part.node = name;
  part.nodes = 2;
  part.state = RunState::done;
  part.boot = "boot-" + name;
  part.clocks = {{second(ahead_s), 0, Duration{}, error},
                 {second(ahead_s + 10), 10 * kSecond, Duration{}, error}};
  return part;
}

class JointAccountTest : public testing::Test {
 protected:
  JointAccountTest() {
    records_ = {even_node("a", 100, 20, 0), even_node("b", 50, 20, 7000)};
    parts_ = {part_of_node("a", 0, Duration{}), part_of_node("b", 7000, std::chrono::seconds(1))};
    parts_[0].ranks = {{0, 0}, {1, 0}};
    parts_[1].ranks = {{2, 0}};
    mark(0, second(5), "EPOCH", "0");
    mark(0, second(15), "EPOCH_END", "0");
  }
  void mark(std::size_t node, Instant time, const std::string& key, const std::string& value) {
    records_[node].marks.push_back({time, time, {}, {}, key, value});
  }
  [[nodiscard]] RunAccount account() const { return joint_account(records_, parts_, "run"); }

  std::vector<NodeRecord> records_;
  std::vector<NodePart> parts_;
};

TEST_F(JointAccountTest, AddsTheNodesAndLaysRank0sEpochsOnEachOfThem) {
  const RunAccount joint = account();
  ASSERT_TRUE(joint.total);
  EXPECT_EQ(joint.total->energy.joules(), 3000);
  EXPECT_EQ(joint.kind, EnergyKind::measured);
  ASSERT_EQ(joint.epochs.size(), 1U);
  EXPECT_EQ(joint.epochs[0].energy->energy.joules(), 1500);
  EXPECT_EQ(joint.outside_epochs->joules(), 1500);
  EXPECT_EQ(joint.channels[1].info.channel, "b/pkg0");
  EXPECT_EQ(seconds(*joint.nodes[1].clock_offset), -7000);
}

TEST_F(JointAccountTest, WidensEpochsByWhatTheClocksMayBeOff) {
  const RunAccount joint = account();
  EXPECT_EQ(joint.nodes[1].clock_uncertainty, std::chrono::seconds(1));
  // 50 W for 8 s to 12 s, beside 100 W for 10 s exactly.
  EXPECT_EQ(joint.epochs[0].energy->lo.joules(), 1400);
  EXPECT_EQ(joint.epochs[0].energy->hi.joules(), 1600);
  EXPECT_EQ(joint.total->lo.joules(), 3000);  // Each node knows when its own run began and ended.
}

TEST_F(JointAccountTest, DoesNotCoverEpochsBeyondANodesOwnRun) {
  records_[1].begin = second(7010);  // It joined in the middle of the epoch.
  const RunAccount joint = account();
  EXPECT_DOUBLE_EQ(joint.epochs[0].coverage, 0.5);
  EXPECT_EQ(joint.epochs[0].energy->energy.joules(), 1250);
  EXPECT_EQ(joint.epochs[0].energy->energy + *joint.outside_epochs, joint.total->energy);
}

TEST_F(JointAccountTest, HasNoCertaintyInEpochsWhenClocksAreNotKnownToAgree) {
  parts_[1].clocks[0].wall_error.reset();
  const RunAccount joint = account();
  EXPECT_FALSE(joint.nodes[1].clock_uncertainty);
  EXPECT_EQ(joint.epochs[0].energy->lo.joules(), 1000);
  EXPECT_EQ(joint.epochs[0].energy->hi.joules(), 2000);
}

TEST_F(JointAccountTest, IgnoresTheMarksOfOtherRanks) {
  mark(1, second(7001), "EPOCH", "8");
  records_[1].marks.back().rank = 2;
  EXPECT_EQ(account().epochs.size(), 1U);
}

TEST_F(JointAccountTest, TakesTheTimesOfMarksFromTheNodeOfRank0) {
  std::swap(parts_[0].ranks, parts_[1].ranks);  // Rank 0 is on b, whose clock then counts.
  std::swap(records_[0].marks, records_[1].marks);
  for (Mark& moved : records_[1].marks) {
    moved.time = moved.time + std::chrono::seconds(7000);
  }
  const RunAccount joint = account();
  EXPECT_EQ(seconds(*joint.nodes[0].clock_offset), 7000);
  EXPECT_EQ(joint.epochs[0].energy->energy.joules(), 1500);
}

TEST_F(JointAccountTest, KnowsNoTotalWhenANodeIsMissing) {
  records_.pop_back();
  parts_.pop_back();
  const RunAccount joint = account();
  EXPECT_FALSE(joint.total);
  EXPECT_FALSE(joint.epochs[0].energy);
  EXPECT_EQ(joint.kind, EnergyKind::missing);
  EXPECT_THAT(joint.why_no_total, HasSubstr("1 of 2 nodes"));
  EXPECT_EQ(joint.nodes[0].energy->energy.joules(), 2000);
}

TEST_F(JointAccountTest, KnowsNoTotalWhenANodeMeasuredNothing) {
  records_[1].samples.clear();
  const RunAccount joint = account();
  EXPECT_FALSE(joint.total);
  EXPECT_THAT(joint.why_no_total, HasSubstr("nothing was measured on b"));
}

TEST_F(JointAccountTest, RefusesAPartWithoutANodeFile) {
  records_.pop_back();
  EXPECT_THROW(static_cast<void>(account()), Error);
}

TEST(ClockBetween, ReadsTheExampleOfItsHeader) {
  NodePart here;
  here.node = "here";
  here.clocks = {{second(10), 43'200 * kSecond, {}, std::chrono::milliseconds(2)}};
  NodePart there;
  there.node = "there";
  there.clocks = {{second(70), 43'200 * kSecond, {}, std::chrono::milliseconds(3)}};
  const NodeClock clock = clock_between(here, there);
  EXPECT_EQ(clock.offset, std::chrono::seconds(60));
  EXPECT_EQ(clock.uncertainty, std::chrono::milliseconds(5));
}

TEST(ClockBetween, AddsHalfOfWhatAWallClockWasMovedBy) {
  NodePart here;
  here.node = "here";
  here.clocks = {{second(0), 0, {}, Duration{}},
                 {second(10), 10 * kSecond + 4'000'000, {}, Duration{}}};
  NodePart there;
  there.node = "there";
  there.clocks = {{second(0), 0, {}, Duration{}}};
  const NodeClock clock = clock_between(here, there);
  EXPECT_EQ(clock.offset, std::chrono::milliseconds(2));
  EXPECT_EQ(clock.uncertainty, std::chrono::milliseconds(2));
}

TEST(ClockBetween, IsExactUnderOneKernel) {
  NodePart here;
  here.node = "here";
  here.boot = "x";
  NodePart there = here;
  there.node = "there";
  EXPECT_EQ(clock_between(here, there).uncertainty, Duration{});
}

TEST_F(JointAccountTest, FindsTheRanksOfMarksInTheFileAgain) {
  std::string pattern = testing::TempDir() + "gradwatt-ranks-XXXXXX";
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  const Mark first{second(1), second(1), {}, {}, "EPOCH", "0"};
  Mark third{second(2), second(2), {}, {}, "EPOCH", "1"};
  third.rank = 3;
  {
    NodeFileWriter writer(folder, "n1", Instant{}, records_[0].sources);
    NodeFileWriter::Batch batch;
    batch.marks = {first, third};
    writer.finish(batch, second(3), {}, WaitForDisk::no);
  }
  EXPECT_EQ(read_node_files(folder).at(0).marks, (std::vector{first, third}));
  std::filesystem::remove_all(folder);
}

/// A store of its own for jobs and parts.
class JobFolderTest : public testing::Test {
 protected:
  JobFolderTest() {
    std::string pattern = testing::TempDir() + "gradwatt-jobs-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
    Store(root_).prepare();
  }
  ~JobFolderTest() override { std::filesystem::remove_all(root_); }

  [[nodiscard]] JoinedRun join(const std::string& job, const std::string& node) const {
    return join_run(Store(root_), job, node, WallTime{1'700'000'000'000});
  }

  std::filesystem::path root_;
};

TEST_F(JobFolderTest, GivesTheNodesOfAJobOneRunAndTheNextRunToANodeThatComesAgain) {
  const JoinedRun first = join("slurm-7.0", "a");
  const JoinedRun second = join("slurm-7.0", "b");
  EXPECT_TRUE(first.is_first);
  EXPECT_FALSE(second.is_first);
  EXPECT_EQ(first.run_id, second.run_id);
  EXPECT_EQ(first.folder, second.folder);
  const JoinedRun again = join("slurm-7.0", "b");
  EXPECT_TRUE(again.is_first);
  EXPECT_NE(again.run_id, first.run_id);
  EXPECT_EQ(join("slurm-7.0", "a").run_id, again.run_id);
  EXPECT_NE(join("slurm-7.1", "a").run_id, first.run_id);
}

TEST_F(JobFolderTest, LeavesAloneWhatIsLongOver) {
  const JoinedRun first = join("torchrun-none", "a");
  Manifest manifest;
  manifest.run_id = first.run_id;
  manifest.state = RunState::done;
  save_manifest(first.folder, manifest);
  EXPECT_EQ(join("torchrun-none", "b").run_id, first.run_id);  // Only just: b may have been slow.
  const auto file = root_ / "jobs" / job_folder_name("torchrun-none") / "0";
  std::filesystem::last_write_time(file,
                                   std::filesystem::last_write_time(file) - std::chrono::hours(1));
  EXPECT_NE(join("torchrun-none", "c").run_id, first.run_id);
}

TEST_F(JobFolderTest, MakesPlainNamesThatStayApart) {
  EXPECT_TRUE(job_folder_name("group-a/b").starts_with("group-a_b-"));
  EXPECT_NE(job_folder_name("group-a/b"), job_folder_name("group-a_b"));
}

TEST_F(JobFolderTest, KeepsAPartAsItWasWritten) {
  NodePart part = part_of_node("n/1", 3, std::chrono::microseconds(5));
  part.ranks = {{0, 0}, {3, std::nullopt}};
  part.duration = std::chrono::milliseconds(1500);
  part.started_at = WallTime{1'700'000'000'000};
  part.environment = {{"host", "h"}};
  save_node_part(root_, part);
  const auto parts = load_node_parts(root_);
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].node, "n/1");
  EXPECT_EQ(parts[0].clocks, part.clocks);
  EXPECT_EQ(parts[0].ranks, part.ranks);
  EXPECT_EQ(parts[0].duration, part.duration);
  EXPECT_EQ(parts[0].state, RunState::done);
  EXPECT_EQ(parts[0].environment, part.environment);
}

TEST_F(JobFolderTest, CallsAPartWithoutALivingMonitorInterrupted) {
  NodePart part = part_of_node("n1", 3, std::nullopt);
  part.state = RunState::running;
  save_node_part(root_, part);
  EXPECT_EQ(load_node_parts(root_)[0].state, RunState::interrupted);
}

TEST_F(JobFolderTest, RefusesADamagedPart) {
  write_text_atomically(root_ / "node-n1.json", "{\"schema\": 1}");
  EXPECT_THROW(static_cast<void>(load_node_parts(root_)), Error);
  write_text_atomically(root_ / "node-n1.json", "{\"schema\": 2}");
  try {
    static_cast<void>(load_node_parts(root_));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("newer gradwatt"));
  }
}

}  // namespace
}  // namespace gradwatt
