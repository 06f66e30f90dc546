#include "base/error.h"
#include "base/file.h"
#include "record/node_file.h"
#include "record/store.h"
#include "record/ulid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

class RecordTest : public testing::Test {
 protected:
  RecordTest() {
    std::string pattern = testing::TempDir() + "gradwatt-record-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~RecordTest() override { std::filesystem::remove_all(folder_); }

  static std::vector<SourceColumns> one_source() {
    ChannelInfo info{"pkg0", "package-0", "rapl", "counter", "cpu-package"};
    info.in_total = true;
    info.gain_lo = info.gain_hi = 0.05;
    info.power_max = Power{300};
    info.refresh = Duration(1'000'000);
    info.basis = "test";
    return {{"rapl", {info}}};
  }

  Manifest manifest(std::string id, std::string name) const {
    Manifest m;
    m.run_id = std::move(id);
    m.name = std::move(name);
    m.command = {"sh", "-c", "a \"b\"\n"};
    m.directory = "/";
    m.started_at = WallTime{1'700'000'000'000};
    m.state = RunState::done;
    m.exit_status = 0;
    m.duration = from_seconds(1.5);
    return m;
  }

  std::string add_run(const Store& store, const std::string& name, std::int64_t ms) const {
    const std::string id = new_ulid(WallTime{ms});
    save_manifest(store.create_run(id), manifest(id, name));
    return id;
  }

  std::filesystem::path folder_;
};

TEST_F(RecordTest, ReadsBackTheManifestItWrote) {
  Manifest m = manifest("01J00000000000000000000000", "quick");
  m.tags = {{"k", "v"}};
  m.point = SweepPoint{"s", "abc", {{"lr", "1e-4"}, {"batch", "64"}}, 2};
  m.signal = 9;
  save_manifest(folder_, m);
  const Manifest back = load_manifest(folder_);
  EXPECT_EQ(back.command, m.command);
  EXPECT_EQ(back.point->factors, m.point->factors);
  EXPECT_EQ(back.point->repeat, 2);
  EXPECT_EQ(back.duration, m.duration);
  EXPECT_EQ(back.signal, 9);
  EXPECT_EQ(back.started_at, m.started_at);
}

TEST_F(RecordTest, SaysWhichManifestIsDamaged) {
  write_text_atomically(folder_ / "run.json", "{\"schema\": 1");
  try {
    static_cast<void>(load_manifest(folder_));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("run.json"));
    EXPECT_THAT(error.what(), HasSubstr("damaged"));
  }
}

TEST_F(RecordTest, HandsASweepPointOverAsText) {
  const SweepPoint point{"s", "k", {{"lr", "1e-4"}}, 1};
  const SweepPoint back = point_from_json(point_to_json(point));
  EXPECT_EQ(back.sweep, "s");
  EXPECT_EQ(back.factors, point.factors);
  EXPECT_THROW(static_cast<void>(point_from_json("{}")), UsageError);
}

TEST_F(RecordTest, ReadsBackSamplesGapsAndMarks) {
  const Instant begin{5'000'000'000};
  {
    NodeFileWriter writer(folder_, "node a/1", begin, one_source());
    EXPECT_TRUE(std::filesystem::exists(folder_ / "node-node_a_1.sqlite"));
    NodeFileWriter::Batch batch;
    batch.samples = {{0, begin - Duration(2'500), {Energy{}}},
                     {0, begin + Duration(1'000'000), {Energy{7}}},
                     {0, begin + Duration(2'000'000), {std::nullopt}}};
    batch.gaps = {{0, {"pkg0", begin, begin + Duration(3'000), "unreadable", 13, true}}};
    batch.marks = {{begin, begin + Duration(1'000), 3, 42, "NOTE", "h\xc3\xa9"}};
    writer.append(batch, WaitForDisk::yes);
    MonitorAccount monitor;
    monitor.cpu_s = 0.25;
    monitor.readings = 3;
    writer.finish({}, begin + Duration(9'000'000), monitor, WaitForDisk::yes);
  }
  const auto records = read_node_files(folder_);
  ASSERT_EQ(records.size(), 1U);
  const NodeRecord& record = records[0];
  EXPECT_TRUE(record.finished);
  EXPECT_EQ(record.host, "node a/1");
  EXPECT_EQ(record.end - record.begin, Duration(9'000'000));
  ASSERT_EQ(record.samples.size(), 3U);
  EXPECT_EQ(record.samples[0].time,
            begin - Duration(3'000));  // whole microseconds, towards the past
  EXPECT_EQ(record.samples[2].channels[0], std::nullopt);
  EXPECT_EQ(record.gaps.at(0).gap.errno_value, 13);
  EXPECT_TRUE(record.gaps.at(0).gap.energy_lost);
  EXPECT_EQ(record.marks.at(0).value, "h\xc3\xa9");
  EXPECT_EQ(record.marks.at(0).seq, 3U);
  EXPECT_EQ(record.sources.at(0).channels.at(0).power_max, Power{300});
  EXPECT_EQ(record.monitor.cpu_s, 0.25);
  EXPECT_EQ(record.monitor.late, std::nullopt);
}

TEST_F(RecordTest, KeepsItsFilesToTheOwner) {
  const Store store(folder_ / "store");
  const auto run = store.create_run(new_ulid(WallTime{1}));
  const NodeFileWriter writer(run, "h", Instant{}, one_source());
  struct stat status {};
  ASSERT_EQ(::stat(run.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
  ASSERT_EQ(::stat((run / "node-h.sqlite").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

// A monitor that is killed leaves what it had committed, and its lock goes with it.
TEST_F(RecordTest, CallsARunOfADeadMonitorInterruptedAndKeepsItsSamples) {
  Manifest m = manifest(new_ulid(WallTime{1}), "killed");
  m.state = RunState::running;
  save_manifest(folder_, m);
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    NodeFileWriter writer(folder_, "h", Instant{}, one_source());
    writer.append({std::nullopt,
                   {{0, Instant{1'000'000}, {Energy{1}}}, {0, Instant{2'000'000}, {Energy{9}}}}},
                  WaitForDisk::no);
    const char byte = 1;
    static_cast<void>(!::write(ready[1], &byte, 1));
    ::pause();
    ::_exit(0);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_EQ(load_manifest(folder_).state, RunState::running);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  EXPECT_EQ(load_manifest(folder_).state, RunState::interrupted);
  const auto record = read_node_files(folder_).at(0);
  EXPECT_FALSE(record.finished);
  EXPECT_EQ(record.samples.size(), 2U);
  EXPECT_EQ(record.end, Instant{2'000'000});
}

TEST_F(RecordTest, RefusesANodeFileThatIsNone) {
  std::ofstream(folder_ / "node-h.sqlite") << std::string(4096, 'x');
  EXPECT_THROW(static_cast<void>(read_node_files(folder_)), Error);
}

TEST_F(RecordTest, FindsRunsByPrefixNamePositionTagAndPath) {
  const Store store(folder_);
  const std::string first = add_run(store, "a", 1'000'000'000'000);
  const std::string second = add_run(store, "b", 1'500'000'000'000);
  const std::string third = add_run(store, "a", 1'600'000'000'000);
  EXPECT_EQ(store.find("@last").manifest.run_id, third);
  EXPECT_EQ(store.find("@-3").manifest.run_id, first);
  EXPECT_EQ(store.find("a").manifest.run_id, third);
  EXPECT_EQ(store.find(second.substr(0, 8)).manifest.run_id, second);
  EXPECT_EQ(store.find((store.runs_folder() / first).string()).manifest.run_id, first);
  EXPECT_THROW(static_cast<void>(store.find("0")), Error);  // fits all three
  EXPECT_THROW(static_cast<void>(store.find("@-4")), Error);
  EXPECT_THROW(static_cast<void>(store.find("")), Error);
  Manifest tagged = manifest(second, "b");
  tagged.tags = {{"kind", "base"}};
  save_manifest(store.runs_folder() / second, tagged);
  EXPECT_EQ(store.find("tag:kind").manifest.run_id, second);
  EXPECT_EQ(store.find("tag:kind=base").manifest.run_id, second);
  EXPECT_THROW(static_cast<void>(store.find("tag:kind=other")), Error);
}

TEST_F(RecordTest, ListsDamagedRunsBesideTheGoodOnes) {
  const Store store(folder_);
  add_run(store, "good", 1'000'000'000'000);
  const std::string empty = new_ulid(WallTime{5});
  std::filesystem::create_directory(store.runs_folder() / empty);
  const std::string broken = new_ulid(WallTime{6});
  std::filesystem::create_directory(store.runs_folder() / broken);
  std::ofstream(store.runs_folder() / broken / "run.json") << "{";
  const auto listing = store.list();
  EXPECT_EQ(listing.runs.size(), 1U);
  ASSERT_EQ(listing.without_manifest.size(), 1U);
  EXPECT_EQ(listing.without_manifest[0].filename(), empty);
  ASSERT_EQ(listing.damaged.size(), 1U);
  EXPECT_THAT(listing.damaged[0], HasSubstr("run.json"));
}

TEST_F(RecordTest, KnowsADiskWithoutSpace) {
  EXPECT_TRUE(has_space(folder_));
  EXPECT_FALSE(has_space("/proc"));
}

TEST(Ulid, SortsByTimeAndNeverRepeats) {
  const std::string early = new_ulid(WallTime{1'000});
  EXPECT_TRUE(is_ulid(early));
  EXPECT_LT(early, new_ulid(WallTime{2'000}));
  EXPECT_NE(early, new_ulid(WallTime{1'000}));
  EXPECT_EQ(new_ulid(WallTime{1'469'918'176'385}).substr(0, 10), "01ARYZ6S41");
  EXPECT_FALSE(is_ulid("01ARYZ6S4"));
}

}  // namespace
}  // namespace gradwatt
