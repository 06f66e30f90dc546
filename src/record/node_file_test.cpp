#include "base/error.h"
#include "record/account.h"
#include "record/node_folder_test.h"

#include <gmock/gmock.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

class NodeFileTest : public NodeFolderTest {};

/// Tables as version 0.1 wrote them.
constexpr const char* kSchema1 = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE sources(source INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE channels(
  source INTEGER NOT NULL, position INTEGER NOT NULL, channel TEXT NOT NULL, device TEXT NOT NULL,
  method TEXT NOT NULL, scope TEXT NOT NULL, kind TEXT NOT NULL, in_total INTEGER NOT NULL,
  gain_lo REAL NOT NULL, gain_hi REAL NOT NULL, refresh_us INTEGER NOT NULL, power_max_w REAL,
  basis TEXT NOT NULL, PRIMARY KEY(source, position)) STRICT, WITHOUT ROWID;
CREATE TABLE gaps(
  gap INTEGER PRIMARY KEY, source INTEGER NOT NULL, channel TEXT NOT NULL,
  begin_us INTEGER NOT NULL, end_us INTEGER NOT NULL, reason TEXT NOT NULL,
  errno INTEGER NOT NULL, energy_lost INTEGER NOT NULL) STRICT;
CREATE TABLE marks(
  mark INTEGER PRIMARY KEY, t_us INTEGER NOT NULL, received_us INTEGER NOT NULL, seq INTEGER,
  pid INTEGER, key TEXT NOT NULL, value TEXT NOT NULL) STRICT;
CREATE TABLE samples_0(t_us INTEGER PRIMARY KEY, c0_uj INTEGER, c1_uj INTEGER) STRICT;
INSERT INTO meta VALUES('schema',1),('host','old'),('reference_ns',1000),('begin_us',0),
  ('end_us',10000000),('monitor_cpu_s',0.5),('readings',3),('marks_rejected',2);
INSERT INTO sources VALUES(0,'rapl');
INSERT INTO channels VALUES
  (0,0,'pkg0','package-0','counter','cpu-package','measured',1,0.05,0.05,1000,NULL,'why'),
  (0,1,'dram0','package-0','counter','dram','measured',1,0.1,0.1,1000,250.0,'why');
INSERT INTO gaps VALUES(1,0,'dram0',1000000,9000000,'unreadable',13,1);
INSERT INTO marks VALUES(1,5000000,5000100,3,42,'EPOCH','0');
INSERT INTO samples_0 VALUES(0,0,0),(1000000,20000000,NULL),(10000000,100000000,7000000);
)sql";

TEST_F(NodeFileTest, StillReadsWhatVersion1Wrote) {
  Database(folder() / "node-old.sqlite", Database::Mode::create).execute(kSchema1);
  const NodeRecord record = read_node_files(folder()).at(0);
  EXPECT_TRUE(record.finished);
  EXPECT_EQ(record.host, "old");
  EXPECT_EQ(record.end, Instant{10'000'001'000});
  ASSERT_EQ(record.samples.size(), 3U);
  EXPECT_EQ(record.samples[0].time, Instant{1000});
  EXPECT_EQ(record.samples[1].channels[0], Energy{20'000'000});
  EXPECT_EQ(record.samples[1].channels[1], std::nullopt);
  EXPECT_TRUE(record.samples[1].powers.empty());
  const ChannelInfo& dram = record.sources.at(0).channels.at(1);
  EXPECT_EQ(dram.power_max, Power{250});
  EXPECT_EQ(dram.window, Duration{});
  EXPECT_EQ(dram.power_min, Power{0});
  EXPECT_EQ(record.gaps.at(0).gap.errno_value, 13);
  EXPECT_EQ(record.gaps.at(0).gap.most, std::nullopt);
  EXPECT_EQ(record.marks.at(0).seq, 3U);
  EXPECT_EQ(record.monitor.cpu_s, 0.5);
  EXPECT_EQ(record.monitor.marks_rejected, 2);
  EXPECT_EQ(record.monitor.reading_s, std::nullopt);
  EXPECT_TRUE(record.states.empty());
  // As read; what was consumed since a counter's last renewal is judged by its last second.
  EXPECT_NEAR(account_of(record).total->energy.joules(), 107, 0.01);
}

TEST_F(NodeFileTest, RefusesWhatANewerVersionWroteAndNamesIt) {
  write_run(10);
  Database(file(), Database::Mode::create).execute("UPDATE meta SET value=3 WHERE key='schema'");
  EXPECT_THAT(error_of_reading(), HasSubstr("newer"));
  EXPECT_THAT(error_of_reading(), HasSubstr("format 3"));
  EXPECT_THAT(error_of_reading(), HasSubstr("node-h.sqlite"));
  EXPECT_THAT(error_of_reading(), HasSubstr("update gradwatt"));
}

TEST_F(NodeFileTest, SaysWhenTheMonitorDiedBeforeItStoredAnything) {
  Database(folder() / "node-h.sqlite", Database::Mode::create);
  EXPECT_THAT(error_of_reading(), HasSubstr("holds nothing"));
}

TEST_F(NodeFileTest, GivesBackEveryReadingOverManyAppendsOfAnyLength) {
  std::vector<SampleRow> expected;
  {
    NodeFileWriter writer(folder(), "h", Instant{}, sources());
    int next = 0;
    for (const int length : {1, 510, 1, 1, 1, 600, 2000, 1, 3}) {
      NodeFileWriter::Batch batch;
      for (int i = 0; i < length; ++i, ++next) {
        batch.samples.push_back(counter_row(next));
        batch.samples.push_back(sensor_row(next));
      }
      expected.insert(expected.end(), batch.samples.begin(), batch.samples.end());
      writer.append(batch, WaitForDisk::no);
    }
  }
  const NodeRecord record = read_node_files(folder()).at(0);
  ASSERT_EQ(record.samples.size(), expected.size());
  std::stable_sort(expected.begin(), expected.end(), [](const auto& a, const auto& b) {
    return a.source < b.source;
  });
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(record.samples[i].source, expected[i].source);
    ASSERT_EQ(record.samples[i].time, expected[i].time);
    ASSERT_EQ(record.samples[i].channels, expected[i].channels);
    ASSERT_EQ(record.samples[i].powers, expected[i].powers);
  }
}

TEST_F(NodeFileTest, KeepsStatesWhatIsKnownOfSensorsAndHowSureGapsAre) {
  auto columns = sources();
  columns[1].channels[0].window = std::chrono::seconds(1);
  columns[1].channels[0].lag = std::chrono::milliseconds(20);
  columns[1].channels[0].power_min = Power{21.5};
  columns[0].channels[1].quantum = Energy{61};
  {
    NodeFileWriter writer(folder(), "h", Instant{}, columns);
    NodeFileWriter::Batch batch;
    const double nan = std::numeric_limits<double>::quiet_NaN();
    batch.states = {{1, Instant{1000}, "GPU-1", "temperature_c", 61.5},
                    {1, Instant{2000}, "GPU-1", "clock_mhz", nan},
                    {0, Instant{3000}, "package-0", "limit_w", 0}};
    GapAccount gap{"gpu0", Instant{1000}, Instant{2000}, "was reset", 0, true};
    gap.least = Energy{3};
    gap.assumed = Energy{5};
    gap.most = Energy{9};
    batch.gaps = {{1, gap}, {0, {"pkg0", Instant{1000}, Instant{2000}, "a slow reading"}}};
    MonitorAccount monitor;
    monitor.reading_s = 0.125;
    writer.finish(batch, Instant{9000}, monitor, WaitForDisk::no);
  }
  const NodeRecord record = read_node_files(folder()).at(0);
  const ChannelInfo& gpu = record.sources.at(1).channels.at(0);
  EXPECT_EQ(gpu.window, std::chrono::seconds(1));
  EXPECT_EQ(gpu.lag, std::chrono::milliseconds(20));
  EXPECT_EQ(gpu.power_min, Power{21.5});
  EXPECT_EQ(record.sources[0].channels[1].quantum, Energy{61});
  ASSERT_EQ(record.states.size(), 2U);  // What is no number was not said.
  EXPECT_EQ(record.states[0].name, "temperature_c");
  EXPECT_EQ(record.states[0].value, 61.5);
  EXPECT_EQ(record.states[0].time, Instant{1000});
  EXPECT_EQ(record.states[1].source, 0);
  EXPECT_EQ(record.states[1].value, 0);
  ASSERT_EQ(record.gaps.size(), 2U);
  EXPECT_EQ(record.gaps[0].gap.least, Energy{3});
  EXPECT_EQ(record.gaps[0].gap.assumed, Energy{5});
  EXPECT_EQ(record.gaps[0].gap.most, Energy{9});
  EXPECT_EQ(record.gaps[1].gap.most, std::nullopt);
  EXPECT_FALSE(record.gaps[1].gap.energy_lost);
  EXPECT_EQ(record.monitor.reading_s, 0.125);
}

TEST_F(NodeFileTest, LeavesOneFileBehind) {
  write_run(100);
  const auto begin = std::filesystem::directory_iterator(folder());
  EXPECT_EQ(std::distance(begin, std::filesystem::directory_iterator()), 1);
}

// 20 minutes at 10 Hz around 100 W with 1 W of noise and a millisecond of jitter, as kept by the
// kernel's counters: the file with all that is in it.
TEST_F(NodeFileTest, TakesLessThanEightBytesForAReadingAndChannel) {
  for (const std::size_t channels : {1U, 8U}) {
    std::mt19937_64 random(channels);
    std::normal_distribution<double> watts(100, 1);
    std::uniform_int_distribution<std::int64_t> jitter_us(-1000, 1000);
    const std::string host = "h" + std::to_string(channels);
    constexpr int kReadings = 12'000;
    {
      NodeFileWriter writer(
          folder(),
          host,
          Instant{},
          {{"rapl", {channels, ChannelInfo{"pkg", "package", "rapl", "counter", "cpu-package"}}}});
      std::vector<double> joules(channels);
      NodeFileWriter::Batch batch;
      Instant before;
      for (int i = 0; i < kReadings; ++i) {
        const Instant now{(i * 100'000 + 1000 + jitter_us(random)) * 1000};
        batch.samples.push_back({0, now, {}, {}});
        for (std::size_t c = 0; c < channels; ++c) {
          joules[c] += watts(random) * seconds(now - before);
          const double unit_j = c % 2 == 0 ? 61e-6 : 1e-3;
          batch.samples.back().channels.push_back(
              Energy::from_joules(std::floor(joules[c] / unit_j) * unit_j));
        }
        before = now;
        if (batch.samples.size() == 10) {
          writer.append(std::exchange(batch, {}), WaitForDisk::no);
        }
      }
      writer.finish(batch, before, {}, WaitForDisk::no);
    }
    const auto bytes = std::filesystem::file_size(folder() / ("node-" + host + ".sqlite"));
    EXPECT_LT(static_cast<double>(bytes) / kReadings / static_cast<double>(channels), 8)
        << channels << " channels";
  }
}

}  // namespace
}  // namespace gradwatt
