#include "trace/run_calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

/// 10 s, 1000 J ± 5 %, all of it the sensor's gain.
RunAccount one_package() {
  RunAccount account;
  account.end = Instant{} + from_seconds(10);
  ChannelInfo info{"pkg0", "package-0", "rapl", "counter", "cpu-package"};
  info.in_total = true;
  info.gain_lo = info.gain_hi = 0.05;
  const Energy energy = Energy::from_joules(1000);
  account.total =
      BoundedEnergy{energy, Energy::from_joules(950), Energy::from_joules(1050), energy, energy};
  account.channels = {{info, account.total, 1}};
  return account;
}

RunCalibration idle_at(double watts, double spread) {
  RunCalibration calibration;
  calibration.idle["rapl/pkg0@package-0"] = {Power{watts}, Power{spread}, 30};
  return calibration;
}

TEST(SensorKey, NamesSourceChannelAndDevice) {
  EXPECT_EQ(sensor_key("nvml", "gpu0", "GPU-1234"), "nvml/gpu0@GPU-1234");
}

TEST(AboveIdle, IsWhatTheRunAddedToAnIdleMachine) {
  const auto above = above_idle(one_package(), idle_at(20, 0.5));
  ASSERT_TRUE(above);
  EXPECT_EQ(above->energy, Energy::from_joules(800));
  EXPECT_EQ(above->lo, Energy::from_joules(750));
  EXPECT_EQ(above->hi, Energy::from_joules(850));
  EXPECT_EQ(idle_power(one_package(), idle_at(20, 0.5)), Power{20});
}

TEST(AboveIdle, IsUnknownUnlessEveryChannelsIdlePowerIsKnown) {
  RunAccount account = one_package();
  account.channels.push_back(account.channels.front());
  account.channels.back().info.channel = "dram0";
  EXPECT_FALSE(above_idle(account, idle_at(20, 0)));
  EXPECT_FALSE(idle_power(account, idle_at(20, 0)));
  account.channels.back().info.in_total = false;  // What is not added need not be known.
  EXPECT_TRUE(above_idle(account, idle_at(20, 0)));
}

TEST(AboveIdle, OfARunThatOnlyWaitedIsNothingAndTheRawEnergyStays) {
  RunAccount account = one_package();
  const auto above = above_idle(account, idle_at(100, 0));
  EXPECT_EQ(above->energy, Energy{});
  EXPECT_EQ(account.total->energy, Energy::from_joules(1000));
}

RunCalibration fitted() {
  RunCalibration calibration;
  WallFit fit;
  fit.offset = Power{30};
  fit.gain = 1.2;
  fit.residual = Power{1};
  fit.channels = {"rapl/pkg0@package-0"};
  fit.least = Power{50};
  fit.most = Power{150};
  calibration.wall = fit;
  return calibration;
}

TEST(WallEnergy, IsTheLineOverTheRun) {
  const auto wall = wall_energy(one_package(), fitted());
  ASSERT_TRUE(wall.energy) << wall.why_not;
  EXPECT_EQ(wall.energy->energy, Energy::from_joules(1500));
  EXPECT_EQ(wall.energy->lo, Energy::from_joules(1480));
  EXPECT_EQ(wall.energy->hi, Energy::from_joules(1520));
}

TEST(WallEnergy, HoldsForTheChannelsAndPowersItWasFittedOn) {
  RunCalibration others = fitted();
  others.wall->channels.emplace_back("rapl/dram0@package-0");
  EXPECT_THAT(wall_energy(one_package(), others).why_not, HasSubstr("other channels"));
  RunAccount heavy = one_package();
  heavy.total->energy = Energy::from_joules(4000);
  EXPECT_THAT(wall_energy(heavy, fitted()).why_not, HasSubstr("between 50.0 W and 150 W"));
  EXPECT_FALSE(wall_energy(one_package(), {}).energy);
}

}  // namespace
}  // namespace gradwatt
