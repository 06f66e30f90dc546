#include "measure/refresh_probe.h"

#include "measure/fake_tree_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace gradwatt {
namespace {

using testing::HasSubstr;

/// A counter renewed each `refresh` and a power sensor beside it; time is the test's.
class SlowSource final : public PowerSource {
 public:
  SlowSource(ManualClock& clock, double refresh_s, double reading_s, bool fails)
      : clock_(clock), refresh_s_(refresh_s), reading_s_(reading_s), fails_(fails) {
    infos_.push_back({"c", "device", "slow", "counter", "cpu-package"});
    infos_.push_back({"p", "device", "slow", "power", "gpu-board"});
    infos_.push_back({"still", "device", "slow", "counter", "dram"});
  }
  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }
  void read(std::span<ChannelReading> readings) noexcept override {
    const double t_s = seconds(clock_.now() - Instant{});
    clock_.pass(reading_s_);
    const auto update = static_cast<std::int64_t>(t_s / refresh_s_);
    readings[0] = Energy{update * 7'000'000};
    energy_ += Energy{1000};
    readings[1] = fails_ ? ChannelReading(ReadFailure{"lost", EIO})
                         : Powered{energy_, Power{100 + static_cast<double>(update % 7)}};
    readings[2] = Energy{5};
  }

 private:
  ManualClock& clock_;
  double refresh_s_;
  double reading_s_;
  bool fails_;
  Energy energy_;
  std::vector<ChannelInfo> infos_;
};

class RefreshProbeTest : public testing::Test {
 protected:
  /// Read every millisecond for three seconds.
  std::vector<ReadingTrace> probe(double refresh_s, double reading_s = 0, bool fails = false) {
    std::vector<std::unique_ptr<PowerSource>> sources;
    sources.push_back(std::make_unique<SlowSource>(clock_, refresh_s, reading_s, fails));
    TraceSink traces({{"slow", sources[0]->channels()}}, clock_.now());
    Poller poller(std::move(sources), clock_, traces.sink());
    for (const Instant end = clock_.now() + std::chrono::seconds(3); clock_.now() < end;) {
      poller.poll();
      clock_.pass(0.001);
    }
    poller.finish();
    return traces.traces();
  }
  ManualClock clock_;
};

TEST_F(RefreshProbeTest, FindsTheTimeBetweenUpdatesOfCountersAndPowers) {
  for (const double refresh_s : {0.02, 0.1, 0.25}) {
    const auto traces = probe(refresh_s);
    for (const std::size_t channel : {0U, 1U}) {
      const RefreshFound found = find_refresh(traces[channel]);
      ASSERT_TRUE(found.shortest) << found.why_not;
      EXPECT_NEAR(seconds(*found.shortest), refresh_s, 0.002);
      EXPECT_NEAR(seconds(*found.typical), refresh_s, 0.002);
      EXPECT_EQ(traces[channel].is_power, channel == 1);
    }
  }
}

TEST_F(RefreshProbeTest, FindsItThroughASlowLibrary) {
  EXPECT_NEAR(seconds(*find_refresh(probe(0.1, 0.0095)[0]).shortest), 0.1, 0.012);
}

TEST_F(RefreshProbeTest, FindsNothingWhereTooLittleChanges) {
  const auto traces = probe(0.5);
  EXPECT_FALSE(find_refresh(traces[0]).shortest);
  EXPECT_THAT(find_refresh(traces[0]).why_not, HasSubstr("11 are needed"));
  EXPECT_THAT(find_refresh(traces[2]).why_not, HasSubstr("never changed"));
}

TEST_F(RefreshProbeTest, LeavesFailedReadingsOut) {
  const auto traces = probe(0.1, 0, true);
  EXPECT_TRUE(traces[1].readings.empty());
  EXPECT_THAT(find_refresh(traces[1]).why_not, HasSubstr("nothing could be read"));
  EXPECT_TRUE(find_refresh(traces[0]).shortest);
}

}  // namespace
}  // namespace gradwatt
