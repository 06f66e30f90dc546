#include "trace/power_meter.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

Instant s(double value) { return Instant{} + from_seconds(value); }

TEST(PowerMeter, HoldsAValueUntilTheMiddleBeforeTheNext) {
  PowerMeter meter;
  EXPECT_EQ(meter.read(s(0), Power{100}), Energy{});
  EXPECT_EQ(meter.read(s(1), Power{100}), Energy::from_joules(100));
  EXPECT_EQ(meter.read(s(2), Power{300}), Energy::from_joules(300));
}

TEST(PowerMeter, CountsNothingAcrossAForgottenStretch) {
  PowerMeter meter;
  meter.read(s(0), Power{100});
  meter.read(s(1), Power{100});
  meter.forget_last();
  EXPECT_EQ(meter.read(s(100), Power{100}), Energy::from_joules(100));
  EXPECT_EQ(meter.read(s(101), Power{100}), Energy::from_joules(200));
}

}  // namespace
}  // namespace gradwatt
