#include "measure/sensor_set.h"

#include "measure/sensor_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <thread>
#include <unistd.h>

namespace gradwatt {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

/// Counts 1 J at every `step` readings.
class CountingSource final : public PowerSource {
 public:
  CountingSource(std::string name, std::string scope, int step, Duration refresh) : step_(step) {
    infos_.push_back({name, name, name, "counter", std::move(scope)});
    infos_.back().refresh = refresh;
    infos_.back().in_total = true;
  }
  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }
  void read(std::span<ChannelReading> readings) noexcept override {
    readings[0] = Energy::from_joules(count_++ / step_);
  }

 private:
  std::vector<ChannelInfo> infos_;
  int step_;
  int count_ = 0;
};

Discovery found(std::string name, std::string scope, int step = 1, Duration refresh = {}) {
  Discovery discovery;
  discovery.findings.push_back({name, Finding::Status::present, "", ""});
  discovery.sources.push_back(
      std::make_unique<CountingSource>(std::move(name), std::move(scope), step, refresh));
  return discovery;
}

Discovery discover_gpu(const Machine&, std::span<const std::string>) {
  return found("gpu0", "gpu-board");
}
Discovery discover_cpu(const Machine&, std::span<const std::string>) {
  return found("pkg0", "cpu-package");
}
Discovery discover_node(const Machine&, std::span<const std::string>) {
  return found("node", "node");
}
Discovery discover_slow(const Machine&, std::span<const std::string>) {
  return found("slow", "cpu-package", 3, milliseconds(20));
}
/// Finds what the families before it have measured.
Discovery discover_rest(const Machine&, std::span<const std::string> measured) {
  Discovery discovery;
  for (const std::string& scope : measured) {
    discovery.findings.push_back({scope, Finding::Status::unused, "", ""});
  }
  return discovery;
}
Discovery discover_hanging(const Machine&, std::span<const std::string>) {
  while (true) {
    ::pause();
  }
}

class SensorSetTest : public testing::Test {
 protected:
  SensorSetTest() { machine_.clock = &clock_; }

  SensorSet::Options options(std::span<const SourceFamily> families) {
    SensorSet::Options options;
    options.families = families;
    options.interval = milliseconds(2);
    options.host = [this](const SourceFamily& family, std::optional<Duration> interval) {
      ++processes_;
      SensorHost::Options host;
      host.clock = &clock_;
      host.patience = patience_;
      host.serve = [this, family, interval](int in, int out) {
        return serve_sensors(family, machine_, interval, in, out);
      };
      return host;
    };
    return options;
  }
  SampleSink sink() {
    return {[this](SampleRow row) {
              const std::lock_guard lock(mutex_);
              rows_.push_back(std::move(row));
            },
            [this](GapRow gap) {
              const std::lock_guard lock(mutex_);
              gaps_.push_back(std::move(gap));
            }};
  }
  std::size_t rows_of(int source) {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::count_if(
        rows_.begin(), rows_.end(), [&](const SampleRow& row) { return row.source == source; }));
  }

  SystemClock clock_;
  Machine machine_;
  Duration patience_ = seconds(20);
  int processes_ = 0;
  std::mutex mutex_;
  std::vector<SampleRow> rows_;
  std::vector<GapRow> gaps_;
};

TEST_F(SensorSetTest, ReadsFamiliesHereAndInProcessesInTheirOrder) {
  const std::vector<SourceFamily> families{{"cpu", "", discover_cpu},
                                           {"gpu", "", discover_gpu, true},
                                           {"node", "", discover_node},
                                           {"rest", "", discover_rest}};
  SensorSet sensors(machine_, options(families));
  EXPECT_EQ(processes_, 1);
  ASSERT_EQ(sensors.columns().size(), 3U);
  EXPECT_EQ(sensors.columns()[1].channels[0].channel, "gpu0");
  EXPECT_EQ(sensors.findings().back().what, "node");  // The last knows what all others measure.
  ASSERT_EQ(sensors.left_out().size(), 1U);
  EXPECT_EQ(sensors.left_out()[0].channel, "node");
  EXPECT_FALSE(sensors.columns()[2].channels[0].in_total);
  EXPECT_NE(sensors.columns()[2].channels[0].basis.find(kNotAdded), std::string::npos);
  sensors.take_first_reading(sink());
  for (const int source : {0, 1, 2}) {
    EXPECT_GE(rows_of(source), 1U) << source;
  }
  sensors.begin();
  while (rows_of(0) < 5 || rows_of(1) < 5 || rows_of(2) < 5) {
    sensors.nudge();
    sensors.drain();
    std::this_thread::yield();
  }
  sensors.stop(seconds(20));
  EXPECT_TRUE(gaps_.empty());
  EXPECT_GE(sensors.effort().readings, 10);
}

TEST_F(SensorSetTest, StartsNoProcessForWhatIsSurelyNotThere) {
  const std::vector<SourceFamily> families{
      {"gpu", "", discover_gpu, true, [](const Machine&) { return false; }},
      {"more", "", discover_node, true, [](const Machine&) { return true; }}};
  const SensorSet sensors(machine_, options(families));
  EXPECT_EQ(processes_, 1);
  EXPECT_EQ(sensors.columns().size(), 2U);
}

TEST_F(SensorSetTest, MeasuresTheRestBesideAFamilyThatHangs) {
  patience_ = milliseconds(50);
  const std::vector<SourceFamily> families{{"bad", "", discover_hanging, true},
                                           {"cpu", "", discover_cpu}};
  SensorSet sensors(machine_, options(families));
  EXPECT_EQ(sensors.findings()[0].status, Finding::Status::denied);
  sensors.take_first_reading(sink());
  sensors.begin();
  sensors.stop();
  EXPECT_GE(rows_of(0), 2U);
  EXPECT_TRUE(gaps_.empty());
}

TEST_F(SensorSetTest, WaitsForTheRenewalOfASlowCounterBehindAShortRun) {
  const std::vector<SourceFamily> families{{"slow", "", discover_slow}};
  SensorSet sensors(machine_, options(families));
  const Instant begin = clock_.now();
  sensors.take_first_reading(sink());
  sensors.begin();
  const Instant end = clock_.now();
  sensors.settle(begin, end, seconds(20));
  {
    const std::lock_guard lock(mutex_);
    ASSERT_FALSE(rows_.empty());
    EXPECT_GT(rows_.back().time, end);
    EXPECT_GT(rows_.back().channels[0], rows_.front().channels[0]);
  }
  sensors.stop();
}

TEST_F(SensorSetTest, NeverWaitsWhereNothingIsSlow) {
  const std::vector<SourceFamily> families{{"cpu", "", discover_cpu}};
  SensorSet sensors(machine_, options(families));
  sensors.take_first_reading(sink());
  // Without a thread that reads nothing would ever be renewed: this returns all the same.
  sensors.settle(clock_.now(), clock_.now(), std::chrono::hours(1));
  sensors.stop();
  EXPECT_EQ(rows_of(0), 1U);
}

}  // namespace
}  // namespace gradwatt
