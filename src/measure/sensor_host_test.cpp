#include "measure/sensor_host.h"

#include "measure/sensor_server.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace gradwatt {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Counts 1 J at each reading; after `good` readings it does what the test is about.
class MisbehavingSource final : public PowerSource {
 public:
  enum class Then { go_on, hang, crash };
  MisbehavingSource(int good, Then then) : good_(good), then_(then) {
    infos_.push_back({"gpu0", "GPU-1", "fake", "counter", "gpu-board"});
    infos_.back().power_max = Power{100};
  }
  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }
  void read(std::span<ChannelReading> readings) noexcept override {
    if (++count_ > good_ && then_ != Then::go_on) {
      if (then_ == Then::crash) {
        std::signal(SIGABRT, SIG_DFL);
        std::abort();
      }
      while (true) {
        ::pause();
      }
    }
    readings[0] = Energy::from_joules(count_);
  }

 private:
  std::vector<ChannelInfo> infos_;
  int good_;
  Then then_;
  int count_ = 0;
};

template <int good, MisbehavingSource::Then then>
Discovery discover_fake(const Machine&, std::span<const std::string>) {
  Discovery discovery;
  discovery.sources.push_back(std::make_unique<MisbehavingSource>(good, then));
  discovery.findings.push_back({"fake gpu0", Finding::Status::present, "a fake", ""});
  return discovery;
}

Discovery hang_at_once(const Machine&, std::span<const std::string>) {
  while (true) {
    ::pause();
  }
}

Discovery crash_at_once(const Machine&, std::span<const std::string>) { std::abort(); }

class SensorHostTest : public testing::Test {
 protected:
  SensorHost host(decltype(SourceFamily::discover) discover, Duration patience = seconds(20)) {
    SensorHost::Options options;
    options.clock = &clock_;
    options.patience = patience;
    options.serve = [this, discover](int in, int out) {
      Machine machine;
      machine.clock = &clock_;
      return serve_sensors({"fake", "a fake", discover}, machine, milliseconds(2), in, out);
    };
    return {"fake", options};
  }
  SampleSink sink() {
    return {[this](SampleRow row) { rows_.push_back(std::move(row)); },
            [this](GapRow gap) { gaps_.push_back(std::move(gap)); }};
  }
  void drain_until(SensorHost& host, const std::function<bool()>& enough) {
    while (!enough()) {
      host.drain();
      std::this_thread::yield();
    }
  }
  const SystemClock clock_{};
  std::vector<SampleRow> rows_;
  std::vector<GapRow> gaps_;
};

TEST_F(SensorHostTest, BringsReadingsFromAnotherProcess) {
  auto sensors = host(discover_fake<0, MisbehavingSource::Then::go_on>);
  ASSERT_EQ(sensors.columns().size(), 1U);
  EXPECT_EQ(sensors.findings().at(0).what, "fake gpu0");
  sensors.start(3, sink());
  ASSERT_FALSE(rows_.empty());
  EXPECT_EQ(rows_[0].source, 3);
  drain_until(sensors, [&] { return rows_.size() > 5; });
  sensors.nudge();
  sensors.stop(seconds(20));
  EXPECT_TRUE(gaps_.empty());
  ASSERT_TRUE(sensors.effort().has_value());
  EXPECT_EQ(sensors.effort()->readings, static_cast<std::int64_t>(rows_.size()));
  EXPECT_EQ(rows_.back().channels[0], Energy::from_joules(static_cast<double>(rows_.size())));
}

TEST_F(SensorHostTest, TellsADiscoveryThatHangsOrCrashes) {
  auto hanging = host(hang_at_once, milliseconds(50));
  EXPECT_TRUE(hanging.columns().empty());
  EXPECT_EQ(hanging.findings().at(0).status, Finding::Status::denied);
  EXPECT_NE(hanging.findings().at(0).detail.find("did not end"), std::string::npos);
  auto crashing = host(crash_at_once);
  EXPECT_TRUE(crashing.columns().empty());
  EXPECT_NE(crashing.findings().at(0).detail.find("crashed"), std::string::npos);
}

TEST_F(SensorHostTest, DoesNotWaitForAReadingThatHangs) {
  auto sensors = host(discover_fake<3, MisbehavingSource::Then::hang>);
  sensors.start(0, sink());
  drain_until(sensors, [&] { return rows_.size() >= 3; });
  sensors.stop(milliseconds(20));
  ASSERT_EQ(gaps_.size(), 1U);
  EXPECT_EQ(gaps_[0].gap.reason, "reading it did not end");
  EXPECT_TRUE(gaps_[0].gap.energy_lost);
  EXPECT_EQ(gaps_[0].gap.begin, rows_.back().time);
  EXPECT_FALSE(sensors.effort().has_value());
}

TEST_F(SensorHostTest, GoesOnInANewProcessBehindACrash) {
  auto sensors = host(discover_fake<3, MisbehavingSource::Then::crash>);
  sensors.start(0, sink());
  drain_until(sensors, [&] { return rows_.size() >= 6; });
  sensors.stop(seconds(20));
  ASSERT_FALSE(gaps_.empty());
  EXPECT_EQ(gaps_[0].gap.reason, "reading it crashed");
  for (std::size_t i = 1; i < rows_.size(); ++i) {
    EXPECT_LT(rows_[i - 1].time, rows_[i].time);
    EXPECT_LE(rows_[i - 1].channels[0], rows_[i].channels[0]);
  }
}

TEST_F(SensorHostTest, KeepsRowsThatNobodyTakesForALongTime) {
  auto sensors = host(discover_fake<0, MisbehavingSource::Then::go_on>);
  sensors.start(0, sink());
  for (int i = 0; i < 20'000; ++i) {
    sensors.nudge();
  }
  sensors.stop(seconds(20));
  EXPECT_TRUE(sensors.effort().has_value());
  EXPECT_TRUE(gaps_.empty());
}

TEST_F(SensorHostTest, EndsWithTheOneWhoStartedIt) {
  {
    auto sensors = host(discover_fake<3, MisbehavingSource::Then::hang>);
    sensors.start(0, sink());
  }
  // Its process is gone, or was killed and goes as soon as the kernel of a busy machine sees to it.
  int status = 0;
  const pid_t left = ::waitpid(-1, &status, 0);
  EXPECT_TRUE(left == -1 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)) << status;
}

TEST_F(SensorHostTest, IsNotConfusedByAProcessThatWritesNonsense) {
  SensorHost::Options options;
  options.clock = &clock_;
  options.serve = [](int, int out) {
    const std::string_view nonsense = "hello\n\xff\xfe s 1\nf {\ns 0 1 2 3 4\n";
    return static_cast<int>(::write(out, nonsense.data(), nonsense.size()) < 0);
  };
  SensorHost sensors("fake", options);
  EXPECT_TRUE(sensors.columns().empty());
  EXPECT_EQ(sensors.findings().at(0).status, Finding::Status::denied);
}

TEST_F(SensorHostTest, TellsAProgramThatCannotBeStarted) {
  SensorHost::Options options;
  options.clock = &clock_;
  options.program = "/nonexistent/program";
  SensorHost sensors("fake", options);
  EXPECT_EQ(sensors.findings().at(0).status, Finding::Status::denied);
}

}  // namespace
}  // namespace gradwatt
