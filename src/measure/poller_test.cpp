#include "measure/poller.h"

#include "measure/fake_tree_test.h"
#include "measure/sampler.h"
#include "measure/sources/catalog.h"

#include <gtest/gtest.h>

#include <mutex>

namespace gradwatt {
namespace {

/// Gives what the test puts on it.
class ScriptedSource final : public PowerSource {
 public:
  explicit ScriptedSource(std::size_t channels) : next(channels, Energy{}) {
    for (std::size_t c = 0; c < channels; ++c) {
      infos_.push_back({"c" + std::to_string(c), "device", "scripted", "counter", "cpu-package"});
      infos_.back().in_total = true;
    }
  }
  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }
  void read(std::span<ChannelReading> readings) noexcept override {
    std::copy(next.begin(), next.end(), readings.begin());
    ++reads;
  }
  void read_states(std::vector<DeviceState>& states) noexcept override {
    states.push_back({"c0", "temperature_c", temperature});
  }
  void forget_last() noexcept override { forgotten = true; }
  void set(Duration refresh, Power power_max) {
    infos_[0].refresh = refresh;
    infos_[0].power_max = power_max;
  }
  void set_method(const char* method) { infos_[0].method = method; }
  std::vector<ChannelReading> next;
  std::atomic<int> reads = 0;
  double temperature = 40;
  bool forgotten = false;

 private:
  std::vector<ChannelInfo> infos_;
};

class PollerTest : public testing::Test {
 protected:
  void make(std::size_t channels) {
    auto source = std::make_unique<ScriptedSource>(channels);
    source_ = source.get();
    std::vector<std::unique_ptr<PowerSource>> sources;
    sources.push_back(std::move(source));
    poller_ = std::make_unique<Poller>(
        std::move(sources),
        clock_,
        SampleSink{[this](SampleRow row) { rows_.push_back(std::move(row)); },
                   [this](GapRow gap) { gaps_.push_back(std::move(gap)); },
                   [this](StateRow state) { states_.push_back(std::move(state)); }});
  }
  void poll(std::vector<ChannelReading> next) {
    source_->next = std::move(next);
    poller_->poll();
    clock_.pass(0.1);
  }
  ManualClock clock_;
  ScriptedSource* source_ = nullptr;
  std::unique_ptr<Poller> poller_;
  std::vector<SampleRow> rows_;
  std::vector<GapRow> gaps_;
  std::vector<StateRow> states_;
};

TEST_F(PollerTest, KeepsChangesAndTheLastReadingBeforeEach) {
  make(1);
  for (const int value : {0, 0, 0, 5, 5, 9}) {
    poll({Energy{value}});
  }
  poller_->finish();
  std::vector<std::int64_t> values;
  for (const SampleRow& row : rows_) {
    values.push_back(row.channels[0]->microjoules);
  }
  EXPECT_EQ(values, (std::vector<std::int64_t>{0, 0, 5, 5, 9}));
  EXPECT_EQ(rows_[1].time - rows_[0].time, from_seconds(0.2));
}

TEST_F(PollerTest, MakesOneGapOfFailuresThatFollowEachOther) {
  make(1);
  poll({Energy{1}});
  poll({ReadFailure{"unreadable", EIO}});
  poll({ReadFailure{"unreadable", EIO}});
  poll({Energy{4}});
  ASSERT_EQ(gaps_.size(), 1U);
  EXPECT_EQ(gaps_[0].gap.errno_value, EIO);
  EXPECT_FALSE(gaps_[0].gap.energy_lost);  // A counter bridges it.
  EXPECT_EQ(gaps_[0].gap.end - gaps_[0].gap.begin, from_seconds(0.3));
  EXPECT_EQ(rows_.size(), 2U);
}

TEST_F(PollerTest, KeepsOtherChannelsWhenOneFails) {
  make(2);
  poll({Energy{0}, Energy{0}});
  poll({ReadFailure{"unreadable", EIO}, Energy{3}});
  EXPECT_EQ(rows_.back().channels[0], std::nullopt);
  EXPECT_EQ(rows_.back().channels[1], Energy{3});
}

TEST_F(PollerTest, TakesNothingNewForNoReadingAndNoGap) {
  make(2);
  poll({Energy{0}, Energy{0}});
  poll({Energy{2}, NotRenewed{}});
  poll({Energy{4}, Energy{3}});
  poller_->finish();
  ASSERT_EQ(rows_.size(), 3U);
  EXPECT_EQ(rows_[1].channels[1], std::nullopt);
  EXPECT_EQ(rows_[2].channels[1], Energy{3});
  EXPECT_TRUE(gaps_.empty());
}

TEST_F(PollerTest, SaysWhenEnergyWasLost) {
  make(1);
  poll({Energy{7}});
  poll({Uncertain{Energy{7}, "counter was reset"}});
  ASSERT_EQ(gaps_.size(), 1U);
  EXPECT_TRUE(gaps_[0].gap.energy_lost);
  EXPECT_EQ(gaps_[0].gap.reason, "counter was reset");
}

TEST_F(PollerTest, ClosesAnOpenGapAtTheEndAsLost) {
  make(1);
  poll({Energy{1}});
  poll({ReadFailure{"unreadable", ENODEV}});
  poller_->finish();
  ASSERT_EQ(gaps_.size(), 1U);
  EXPECT_TRUE(gaps_[0].gap.energy_lost);
}

TEST_F(PollerTest, HandsOnWhatAResetMayHaveCost) {
  make(1);
  poll({Energy{7}});
  poll({Uncertain{Energy{10}, "the counter was reset", Energy{1}, Energy{3}, Energy{9}}});
  ASSERT_EQ(gaps_.size(), 1U);
  EXPECT_EQ(gaps_[0].gap.least, Energy{1});
  EXPECT_EQ(gaps_[0].gap.assumed, Energy{3});
  EXPECT_EQ(gaps_[0].gap.most, Energy{9});
  EXPECT_EQ(rows_.back().channels[0], Energy{10});
}

TEST_F(PollerTest, TellsACounterThatStoodStill) {
  make(1);
  source_->set(from_seconds(0.1), Power{100});
  poll({Energy{0}});
  for (int i = 0; i < 30; ++i) {
    poll({Energy{5}});
  }
  EXPECT_TRUE(gaps_.empty());
  poll({Energy{9}});
  ASSERT_EQ(gaps_.size(), 1U);
  EXPECT_EQ(gaps_[0].gap.reason, "the counter stood still");
  EXPECT_EQ(gaps_[0].gap.end - gaps_[0].gap.begin, from_seconds(3.1));
  EXPECT_EQ(gaps_[0].gap.least, Energy{4});
  EXPECT_EQ(gaps_[0].gap.most, Energy::from_joules(310));
}

TEST_F(PollerTest, TellsACounterThatStandsStillAtTheEnd) {
  make(1);
  source_->set(from_seconds(0.001), Power{100});
  for (int i = 0; i < 30; ++i) {
    poll({Energy{5}});
  }
  poller_->finish();
  ASSERT_EQ(gaps_.size(), 1U);
  EXPECT_TRUE(gaps_[0].gap.energy_lost);
}

TEST_F(PollerTest, StartsAnewBehindASuspension) {
  make(1);
  poll({Energy{5}});
  clock_.suspend(3600);
  poll({Energy{6}});
  ASSERT_EQ(gaps_.size(), 1U);
  EXPECT_EQ(gaps_[0].gap.reason, "the machine was suspended");
  EXPECT_TRUE(source_->forgotten);
}

TEST_F(PollerTest, KeepsThePowerBesideTheEnergyOfAPowerSensor) {
  std::vector<std::unique_ptr<PowerSource>> sources;
  auto source = std::make_unique<ScriptedSource>(1);
  source->set_method("power");
  source->next = {Powered{Energy{3}, Power{42}}};
  sources.push_back(std::move(source));
  std::vector<SampleRow> rows;
  Poller poller(std::move(sources),
                clock_,
                {[&](SampleRow row) { rows.push_back(std::move(row)); }, [](GapRow) {}});
  poller.poll();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].channels[0], Energy{3});
  EXPECT_EQ(rows[0].powers.at(0), Power{42});
}

TEST_F(PollerTest, NotesStatesThatChangedOnceASecond) {
  make(1);
  for (int i = 0; i < 35; ++i) {
    source_->temperature = i < 15 ? 40 : 41;
    poll({Energy{i}});
  }
  ASSERT_EQ(states_.size(), 2U);
  EXPECT_EQ(states_[0].value, 40);
  EXPECT_EQ(states_[1].value, 41);
  EXPECT_EQ(states_[1].name, "temperature_c");
}

TEST(SamplerThread, TakesALastReadingAndStopsWithoutWaitingForTheGrid) {
  const SystemClock clock;
  auto source = std::make_unique<ScriptedSource>(1);
  const std::atomic<int>& reads = source->reads;
  std::vector<std::unique_ptr<PowerSource>> sources;
  sources.push_back(std::move(source));
  std::atomic<int> rows = 0;
  Poller poller(std::move(sources), clock, {[&](SampleRow) { ++rows; }, [](GapRow) {}});
  {
    Sampler sampler(poller, clock, std::chrono::hours(1));
    sampler.stop();
  }
  // The last one, and one at the begin if the thread came to it.
  EXPECT_GE(reads, 1);
  EXPECT_LE(reads, 2);
  EXPECT_EQ(rows.load(), reads.load());
}

TEST(SamplerThread, ReadsBesideTheGridWhenNudged) {
  const SystemClock clock;
  auto source = std::make_unique<ScriptedSource>(1);
  const std::atomic<int>& reads = source->reads;
  std::vector<std::unique_ptr<PowerSource>> sources;
  sources.push_back(std::move(source));
  Poller poller(std::move(sources), clock, {[](SampleRow) {}, [](GapRow) {}});
  Sampler sampler(poller, clock, std::chrono::hours(1));
  const auto wait_for = [&](int count) {
    while (reads < count) {
      std::this_thread::yield();
    }
  };
  wait_for(1);  // At the begin.
  sampler.nudge();
  wait_for(2);
  sampler.stop();
  EXPECT_EQ(reads, 3);
}

TEST(SourceCatalog, ListsEveryFileOfItsFolder) {
  const std::filesystem::path folder =
      std::filesystem::path(GRADWATT_SOURCE_DIR) / "src/measure/sources";
  std::vector<std::string> names;
  for (const SourceFamily& family : source_families()) {
    std::string name = family.name;
    std::replace(name.begin(), name.end(), '-', '_');
    names.push_back(name);
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string stem = entry.path().stem().string();
    if (entry.path().extension() == ".cpp" && stem != "catalog" && !stem.ends_with("_test")) {
      EXPECT_NE(std::find(names.begin(), names.end(), stem), names.end()) << stem;
    }
  }
}

}  // namespace
}  // namespace gradwatt
