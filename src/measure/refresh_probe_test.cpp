#include "measure/refresh_probe.h"

#include "measure/fake_tree_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace gradwatt {
namespace {

using testing::HasSubstr;

/// A counter renewed each `refresh` and a power sensor beside it; time is the test's.
class SlowSource final : public PowerSource {
 public:
  SlowSource(ManualClock& clock, double refresh_s, double reading_s = 0)
      : clock_(clock), refresh_s_(refresh_s), reading_s_(reading_s) {
    infos_.push_back({"c", "device", "slow", "counter", "cpu-package"});
    infos_.push_back({"p", "device", "slow", "power", "gpu-board"});
    infos_.push_back({"still", "device", "slow", "counter", "dram"});
  }
  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }
  void read(std::span<ChannelReading> readings) noexcept override {
    times.push_back(seconds(clock_.now() - Instant{}));
    clock_.pass(reading_s_);
    const auto update = static_cast<std::int64_t>(times.back() / refresh_s_);
    readings[0] = Energy{update * 7'000'000};
    readings[1] = fails ? ChannelReading(ReadFailure{"lost", EIO})
                        : Powered{Energy{}, Power{100 + static_cast<double>(update % 7)}};
    readings[2] = Energy{5};
  }
  std::vector<double> times;
  bool fails = false;

 private:
  ManualClock& clock_;
  double refresh_s_;
  double reading_s_;
  std::vector<ChannelInfo> infos_;
};

class RefreshProbeTest : public testing::Test {
 protected:
  std::vector<ReadingTrace> probe(PowerSource& source, ProbeOptions options = {}) {
    return record_readings(
        source,
        clock_,
        [this](Instant time) { clock_.pass(std::max(0.0, seconds(time - clock_.now()))); },
        options);
  }
  ManualClock clock_;
};

TEST_F(RefreshProbeTest, FindsTheTimeBetweenUpdatesOfCountersAndPowers) {
  for (const double refresh_s : {0.02, 0.1, 0.25}) {
    SlowSource source(clock_, refresh_s);
    const auto traces = probe(source);
    for (const std::size_t channel : {0U, 1U}) {
      const RefreshFound found = find_refresh(traces[channel]);
      ASSERT_TRUE(found.shortest) << found.why_not;
      EXPECT_NEAR(seconds(*found.shortest), refresh_s, 0.002);
      EXPECT_NEAR(seconds(*found.typical), refresh_s, 0.002);
      EXPECT_EQ(traces[channel].is_power, channel == 1);
    }
  }
}

TEST_F(RefreshProbeTest, NeverReadsFasterThanAMillisecondNorLongerThanTold) {
  SlowSource source(clock_, 0.1);
  static_cast<void>(probe(source, {std::chrono::seconds(1), Duration(1)}));
  ASSERT_GT(source.times.size(), 900U);
  for (std::size_t i = 1; i < source.times.size(); ++i) {
    EXPECT_GE(source.times[i] - source.times[i - 1], 0.001 - 1e-9);
  }
  EXPECT_LT(source.times.back() - source.times.front(), 1.0);
}

TEST_F(RefreshProbeTest, TellsHowFineItCouldLookAtASlowLibrary) {
  SlowSource source(clock_, 0.1, 0.0095);
  const RefreshFound found = find_refresh(probe(source)[0]);
  EXPECT_NEAR(seconds(found.step), 0.010, 1e-6);
  EXPECT_NEAR(seconds(*found.shortest), 0.1, 0.011);
}

TEST_F(RefreshProbeTest, FindsNothingWhereTooLittleChanges) {
  SlowSource source(clock_, 0.5);
  const auto traces = probe(source);
  EXPECT_FALSE(find_refresh(traces[0]).shortest);
  EXPECT_THAT(find_refresh(traces[0]).why_not, HasSubstr("11 are needed"));
  EXPECT_THAT(find_refresh(traces[2]).why_not, HasSubstr("never changed"));
}

TEST_F(RefreshProbeTest, LeavesFailedReadingsOut) {
  SlowSource source(clock_, 0.1);
  source.fails = true;
  const auto traces = probe(source);
  EXPECT_TRUE(traces[1].readings.empty());
  EXPECT_THAT(find_refresh(traces[1]).why_not, HasSubstr("nothing could be read"));
  EXPECT_TRUE(find_refresh(traces[0]).shortest);
}

}  // namespace
}  // namespace gradwatt
