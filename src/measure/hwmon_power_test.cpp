#include "measure/hwmon_power.h"

#include "measure/hwmon_tree_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kDevice = "sys/devices/platform/c240000.i2c/i2c-1/1-0040";

class HwmonPowerTest : public testing::Test {
 protected:
  HwmonPowerTest() : power_(clock_) {
    add_hwmon(
        tree_, kDevice, 0, {{"name", "ina3221"}, {"in1_input", "5000"}, {"curr1_input", "2000"}});
  }
  ChannelInfo info(const std::string& channel, double refresh_s = 0.01) {
    ChannelInfo info{channel, "", "test", "power", "rail"};
    info.power_max = Power{1000};
    info.refresh = from_seconds(refresh_s);
    return info;
  }
  HwmonNumber number(const std::string& attribute) {
    return {hwmon_devices(tree_.root()).at(0), attribute};
  }
  HwmonSensor volts_and_amperes() { return {number("in1_input"), number("curr1_input"), 1e-6}; }
  std::vector<ChannelReading> read() {
    std::vector<ChannelReading> readings(power_.channels().size());
    power_.read(readings);
    return readings;
  }
  void set(const std::string& attribute, const std::string& text) {
    tree_.file(kDevice + "/hwmon/hwmon0/" + attribute, text + "\n");
  }
  FakeTree tree_;
  ManualClock clock_;
  HwmonPower power_;
};

TEST_F(HwmonPowerTest, MultipliesVoltageAndCurrent) {
  power_.add(info("VDD_IN"), volts_and_amperes());
  EXPECT_EQ(std::get<Powered>(read()[0]).power, Power{10});
  clock_.pass(3);
  EXPECT_EQ(std::get<Powered>(read()[0]).since_first, Energy::from_joules(30));
}

TEST_F(HwmonPowerTest, FailsWithTheNumberThatFailed) {
  power_.add(info("VDD_IN"), volts_and_amperes());
  set("curr1_input", "");
  EXPECT_EQ(std::get<ReadFailure>(read()[0]).errno_value, EINVAL);
  clock_.pass(1);
  tree_.remove(kDevice + "/hwmon/hwmon0/in1_input");
  EXPECT_EQ(std::get<ReadFailure>(read()[0]).errno_value, ENOENT);
}

TEST_F(HwmonPowerTest, AsksNoMoreOftenThanTheSensorIsRenewed) {
  power_.add(info("VDD_IN", 1.0), volts_and_amperes());
  EXPECT_EQ(power_.shortest_interval(), from_seconds(0.4));
  static_cast<void>(read());
  set("curr1_input", "4000");
  clock_.pass(0.3);
  // The energy goes on with what was said last, but nothing was said now.
  EXPECT_EQ(std::get<Energy>(read()[0]), Energy::from_joules(3));
  clock_.pass(0.1);
  EXPECT_EQ(std::get<Powered>(read()[0]).power, Power{20});
}

TEST_F(HwmonPowerTest, AddsASumOnlyOfWhatIsKnown) {
  set("power1_input", "7000000");
  power_.add(info("A"), volts_and_amperes());
  power_.add(info("B"), {number("power1_input"), 1e-6});
  power_.add_sum(info("A and B"), {0, 1});
  EXPECT_EQ(std::get<Powered>(read()[2]).power, Power{17});
  clock_.pass(1);
  set("power1_input", "");
  EXPECT_EQ(std::get<ReadFailure>(read()[2]).reason, "B is unreadable");
  clock_.pass(1);
  set("power1_input", "7000000");
  const auto readings = read();
  EXPECT_EQ(std::get<Uncertain>(readings[1]).assumed, Energy::from_joules(14));
  EXPECT_EQ(std::get<Uncertain>(readings[2]).assumed, Energy::from_joules(34));
}

TEST_F(HwmonPowerTest, TellsWhichSensorsStandStill) {
  power_.add(info("VDD_IN"), volts_and_amperes());
  std::vector<DeviceState> states;
  const auto states_now = [&] {
    states.clear();
    static_cast<void>(read());
    power_.read_states(states);
    return states;
  };
  EXPECT_THAT(states_now(), IsEmpty());
  clock_.pass(60);
  ASSERT_EQ(states_now().size(), 1U);
  EXPECT_EQ(states[0].name, "unchanged");
  EXPECT_EQ(states[0].value, 1);
  clock_.pass(1);
  set("curr1_input", "2040");
  ASSERT_EQ(states_now().size(), 1U);
  EXPECT_EQ(states[0].value, 0);
}

TEST_F(HwmonPowerTest, CountsNothingForATimeOfWhichItIsToldToForget) {
  power_.add(info("VDD_IN"), volts_and_amperes());
  static_cast<void>(read());
  power_.forget_last();
  clock_.pass(3600);
  EXPECT_EQ(std::get<Powered>(read()[0]).since_first, Energy{});
}

}  // namespace
}  // namespace gradwatt
