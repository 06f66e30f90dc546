#include "record/window_reader.h"

#include "base/error.h"
#include "record/account.h"
#include "record/node_folder_test.h"

#include <gmock/gmock.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

class WindowReaderTest : public NodeFolderTest {
 protected:
  /// What reading everything says about [begin, end).
  [[nodiscard]] RunAccount whole_file_about(Instant begin, Instant end) const {
    NodeRecord record = read_node_files(folder()).at(0);
    record.begin = begin;
    record.end = end;
    record.marks.clear();
    return account_of(record);
  }

  void expect_the_same(Instant begin, Instant end) const {
    const RunAccount expected = whole_file_about(begin, end);
    const RunAccount window = account_of(WindowReader(folder()).record_of(begin, end));
    ASSERT_EQ(window.total.has_value(), expected.total.has_value());
    ASSERT_EQ(window.channels.size(), expected.channels.size());
    EXPECT_EQ(window.total->energy, expected.total->energy);
    EXPECT_EQ(window.total->lo, expected.total->lo);
    EXPECT_EQ(window.total->hi, expected.total->hi);
    for (std::size_t c = 0; c < window.channels.size(); ++c) {
      EXPECT_EQ(window.channels[c].energy->energy, expected.channels[c].energy->energy) << c;
      EXPECT_DOUBLE_EQ(window.channels[c].coverage, expected.channels[c].coverage) << c;
    }
  }
};

TEST_F(WindowReaderTest, SaysTheSameOfAnyWindowAsTheWholeFile) {
  constexpr int kReadings = 6000;
  write_run(kReadings);
  std::mt19937_64 random(3);
  std::uniform_int_distribution<std::int64_t> any_ns(0, time_of(kReadings).ns);
  for (int round = 0; round < 12; ++round) {
    const auto [begin, end] = std::minmax({any_ns(random), any_ns(random)});
    expect_the_same(Instant{begin}, Instant{end});
  }
  expect_the_same(Instant{}, time_of(kReadings));
  expect_the_same(time_of(2999), time_of(3001));
  expect_the_same(time_of(511), time_of(512));  // The edge between two chunks.
}

TEST_F(WindowReaderTest, UnpacksOfCountersOnlyWhatLiesAroundTheEnds) {
  constexpr int kReadings = 20'000;
  write_run(kReadings);
  WindowReader reader(folder());
  const NodeRecord record = reader.record_of(time_of(100), time_of(19'900));
  const auto of_source = [&](int source) {
    return std::count_if(record.samples.begin(), record.samples.end(), [&](const SampleRow& row) {
      return row.source == source;
    });
  };
  EXPECT_LT(of_source(0), 3000);
  EXPECT_GT(of_source(1), 19'800);      // The power sensor's interval depends on all of them.
  EXPECT_EQ(record.gaps.size(), 198U);  // Of 200: the first is before the window, the last behind.
  EXPECT_EQ(reader.begin(), Instant{});
  EXPECT_EQ(reader.end(), time_of(kReadings));
}

// A slow counter that hardly rises beside one that does: the line it is taken to follow reaches
// from one change to the next, thousands of readings apart.
TEST_F(WindowReaderTest, FindsTheChangesOfASlowCounterHoweverFarOff) {
  constexpr int kReadings = 9000;
  {
    auto columns = sources();
    columns[0].channels[1].refresh = std::chrono::milliseconds(100);
    NodeFileWriter writer(folder(), "h", Instant{}, columns);
    NodeFileWriter::Batch batch;
    for (int i = 0; i <= kReadings; ++i) {
      batch.samples.push_back(counter_row(i));
      // Changes at 3 x 512, where a chunk begins, and at 7000, within one.
      batch.samples.back().channels[1] = Energy{i < 1536 ? 0 : i < 7000 ? 5000 : 90'000};
    }
    writer.finish(batch, time_of(kReadings), {}, WaitForDisk::no);
  }
  for (const auto& [begin, end] : {std::pair(3000, 3010),
                                   std::pair(1530, 1540),
                                   std::pair(100, 8900),
                                   std::pair(5000, 8000),
                                   std::pair(8000, 8500)}) {
    expect_the_same(time_of(begin), time_of(end));
  }
}

// One channel was read at the very beginning and at the very end only: the straight line between
// those is all that is known of it.
TEST_F(WindowReaderTest, FindsTheKnownNeighboursOfAChannelHoweverFarOff) {
  constexpr int kReadings = 5000;
  {
    NodeFileWriter writer(folder(), "h", Instant{}, sources());
    for (int i = 0; i <= kReadings; ++i) {
      SampleRow row = counter_row(i);
      row.channels[1] = i == 0 || i == kReadings ? std::optional(Energy{i * 500LL}) : std::nullopt;
      writer.append({{}, {row}, {}, {}, {}}, WaitForDisk::no);
    }
    writer.finish({}, time_of(kReadings), {}, WaitForDisk::no);
  }
  const Instant begin = time_of(2000);
  const Instant end = time_of(2010);
  const RunAccount window = account_of(WindowReader(folder()).record_of(begin, end));
  EXPECT_EQ(window.channels.at(1).energy->energy,
            whole_file_about(begin, end).channels.at(1).energy->energy);
  EXPECT_NEAR(window.channels.at(1).energy->energy.joules(), 10 * 500e-6, 1e-6);
  EXPECT_EQ(window.channels.at(1).coverage, 1);
}

TEST_F(WindowReaderTest, ReadsFilesOfVersion1) {
  write_run(3000);
  const RunAccount expected = whole_file_about(time_of(1000), time_of(1500));
  const NodeRecord record = read_node_files(folder()).at(0);
  std::filesystem::remove(file());
  {
    Database old(file(), Database::Mode::create);
    old.execute(
        "CREATE TABLE meta(key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE sources(source INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
        "CREATE TABLE channels(source, position, channel, device, method, scope, kind, in_total,"
        " gain_lo, gain_hi, refresh_us, power_max_w, basis);"
        "CREATE TABLE gaps(gap, source, channel, begin_us, end_us, reason, errno, energy_lost);"
        "CREATE TABLE marks(mark, t_us, received_us, seq, pid, key, value);"
        "CREATE TABLE samples_0(t_us INTEGER PRIMARY KEY, c0_uj INTEGER, c1_uj INTEGER);"
        "INSERT INTO meta VALUES('schema',1),('reference_ns',0),('begin_us',0);"
        "INSERT INTO sources VALUES(0,'rapl');"
        "INSERT INTO channels VALUES(0,0,'pkg0','p','counter','cpu-package','measured',1,0.05,0.05,"
        "1000,300.0,'b'),(0,1,'dram0','p','counter','dram','measured',1,0.05,0.05,1000,300.0,'b')");
    auto insert = old.prepare("INSERT INTO samples_0 VALUES(?,?,?)");
    Transaction transaction(old);
    for (const SampleRow& row : record.samples) {
      if (row.source != 0) {
        continue;
      }
      insert.bind(1, row.time.ns / 1000).bind(2, row.channels[0]->microjoules);
      row.channels[1] ? insert.bind(3, row.channels[1]->microjoules) : insert.bind_null(3);
      insert.run();
    }
    transaction.commit();
  }
  WindowReader reader(folder());
  EXPECT_EQ(reader.end(), record.samples[2999].time);  // Not finished: the last that is known.
  const NodeRecord window = reader.record_of(time_of(1000), time_of(1500));
  EXPECT_LT(window.samples.size(), 600U);
  const RunAccount account = account_of(window);
  for (const std::size_t c : {0U, 1U}) {
    EXPECT_EQ(account.channels.at(c).energy->energy, expected.channels.at(c).energy->energy);
  }
  // The other channel has gaps in the new file and none in the old.
  EXPECT_EQ(account.channels.at(1).energy->hi, expected.channels.at(1).energy->hi);
}

TEST_F(WindowReaderTest, SaysWhatIsMissing) {
  EXPECT_THROW(WindowReader{folder()}, Error);
  NodeFileWriter(folder(), "h", Instant{}, sources());
  const NodeRecord empty = WindowReader(folder()).record_of(Instant{}, time_of(5));
  EXPECT_TRUE(empty.samples.empty());
  EXPECT_EQ(account_of(empty).kind, EnergyKind::missing);
  NodeFileWriter(folder(), "other", Instant{}, sources());
  try {
    WindowReader reader(folder());
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("expected one node file, found 2"));
  }
}

}  // namespace
}  // namespace gradwatt
