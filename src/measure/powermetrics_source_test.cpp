#include "measure/powermetrics_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

std::string record(const std::string& mw) {
  return "<?xml version=\"1.0\"?>\n<plist version=\"1.0\">\n<dict>\n"
         "<key>elapsed_ns</key><integer>1000000000</integer>\n<key>processor</key>\n<dict>\n"
         "<key>cpu_power</key><real>" +
         mw + "</real>\n</dict>\n</dict>\n</plist>\n";
}
const std::string kNul(1, '\0');

class PowermetricsSourceTest : public testing::Test {
 protected:
  PowermetricsSourceTest() {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    in_ = UniqueFd(ends[1]);
    ChannelInfo info{"cpu", "mac", "apple", "model", "cpu-package"};
    source_ = std::make_unique<PowermetricsSource>(UniqueFd(ends[0]), std::vector{info});
  }
  void write(const std::string& text) {
    EXPECT_EQ(::write(in_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  ChannelReading read() {
    std::vector<ChannelReading> readings(1);
    source_->read(readings);
    return readings[0];
  }
  UniqueFd in_;
  std::unique_ptr<PowermetricsSource> source_;
};

TEST_F(PowermetricsSourceTest, AddsRecordsUpAndNeverWaitsForOne) {
  EXPECT_EQ(std::get<Energy>(read()), Energy{});
  EXPECT_EQ(std::get<Energy>(read()), Energy{});
  write(record("1500"));
  EXPECT_EQ(std::get<Energy>(read()), Energy::from_joules(1.5));
  write(kNul + record("500") + kNul + record("1000"));
  EXPECT_EQ(std::get<Energy>(read()), Energy::from_joules(3));
}

TEST_F(PowermetricsSourceTest, CountsFromTheFirstReadingOn) {
  write(record("1500"));
  EXPECT_EQ(std::get<Energy>(read()), Energy{});
  write(kNul + record("500"));
  EXPECT_EQ(std::get<Energy>(read()), Energy::from_joules(0.5));
}

TEST_F(PowermetricsSourceTest, WaitsForTheRestOfARecord) {
  static_cast<void>(read());
  const std::string text = record("1500");
  write(text.substr(0, 60));
  EXPECT_EQ(std::get<Energy>(read()), Energy{});
  write(text.substr(60));
  EXPECT_EQ(std::get<Energy>(read()), Energy::from_joules(1.5));
}

TEST_F(PowermetricsSourceTest, FailsWhenPowermetricsEnds) {
  static_cast<void>(read());
  in_.reset();
  EXPECT_THAT(std::get<ReadFailure>(read()).reason, HasSubstr("ended"));
}

TEST_F(PowermetricsSourceTest, FailsWithTheReasonForWhatIsNoRecord) {
  static_cast<void>(read());
  write("nonsense</plist>");
  EXPECT_THAT(std::get<ReadFailure>(read()).reason, HasSubstr("not an output of powermetrics"));
}

}  // namespace
}  // namespace gradwatt
