#include "measure/power_channel.h"

#include "trace/at_second_test.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace gradwatt {
namespace {

using std::chrono::milliseconds;

TEST(PowerChannel, IntegratesWhatTheSensorSays) {
  PowerChannel channel(milliseconds(100), Power{1000});
  EXPECT_EQ(std::get<Powered>(channel.take(at(0), Power{100})).since_first, Energy{});
  const auto reading = std::get<Powered>(channel.take(at(2), Power{300}));
  EXPECT_EQ(reading.since_first, Energy::from_joules(400));
  EXPECT_EQ(reading.power, Power{300});
  EXPECT_EQ(channel.power(), Power{300});
}

TEST(PowerChannel, BridgesFailedReadingsAndSaysHowFarThatCanBeOff) {
  PowerChannel channel(milliseconds(100), Power{1000});
  static_cast<void>(channel.take(at(0), Power{100}));
  EXPECT_EQ(std::get<ReadFailure>(channel.fail("no such device", ENODEV)).errno_value, ENODEV);
  EXPECT_EQ(channel.power(), std::nullopt);
  const auto reading = std::get<Uncertain>(channel.take(at(2), Power{300}));
  EXPECT_EQ(reading.reason, "no such device");
  EXPECT_EQ(reading.since_first, Energy::from_joules(400));
  EXPECT_EQ(reading.least, Energy{});
  EXPECT_EQ(reading.assumed, Energy::from_joules(400));
  EXPECT_EQ(reading.most, Energy::from_joules(2000));
  EXPECT_EQ(std::get<Powered>(channel.take(at(3), Power{300})).since_first,
            Energy::from_joules(700));
}

TEST(PowerChannel, HasNothingToBridgeBeforeItsFirstReading) {
  PowerChannel channel(milliseconds(100), Power{1000});
  static_cast<void>(channel.fail("empty", EINVAL));
  EXPECT_EQ(std::get<Powered>(channel.take(at(5), Power{100})).since_first, Energy{});
}

TEST(PowerChannel, TakesNoPowerThatItsDeviceCannotDraw) {
  PowerChannel channel(milliseconds(100), Power{1000});
  for (const double watts : {4294967.295, 1000.1, 1e300, -60.0, std::nan("")}) {
    EXPECT_TRUE(std::holds_alternative<ReadFailure>(channel.take(at(1), Power{watts}))) << watts;
  }
}

TEST(PowerChannel, NeverTakesEnergyBackForAnOffsetBelowZero) {
  PowerChannel channel(milliseconds(100), Power{1000});
  static_cast<void>(channel.take(at(0), Power{-0.4}));
  const auto reading = std::get<Powered>(channel.take(at(10), Power{-0.4}));
  EXPECT_EQ(reading.since_first, Energy{});
  EXPECT_EQ(reading.power, Power{});
}

TEST(PowerChannel, HoldsTheLastValueBetweenUpdates) {
  PowerChannel channel(milliseconds(1000), Power{1000});
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(channel.hold(at(0))));
  static_cast<void>(channel.take(at(1), Power{100}));
  EXPECT_EQ(std::get<Energy>(channel.hold(at(1.5))), Energy::from_joules(50));
  static_cast<void>(channel.fail("empty", EINVAL));
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(channel.hold(at(2))));
}

TEST(PowerChannel, CountsNothingForATimeOfWhichItIsToldToForget) {
  PowerChannel channel(milliseconds(100), Power{1000});
  static_cast<void>(channel.take(at(0), Power{100}));
  static_cast<void>(channel.take(at(1), Power{100}));
  channel.forget_last();
  EXPECT_EQ(std::get<Powered>(channel.take(at(3601), Power{100})).since_first,
            Energy::from_joules(100));
}

TEST(PowerChannel, StandsStillWhenItSaysTheSameForLong) {
  PowerChannel channel(milliseconds(100), Power{1000});
  static_cast<void>(channel.take(at(0), Power{100}));
  static_cast<void>(channel.take(at(9), Power{100}));
  EXPECT_FALSE(channel.stands_still(at(9)));
  EXPECT_TRUE(channel.stands_still(at(11)));
  static_cast<void>(channel.take(at(11), Power{101}));
  EXPECT_FALSE(channel.stands_still(at(11)));
}

}  // namespace
}  // namespace gradwatt
