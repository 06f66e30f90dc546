#include "trace/power_meter.h"

#include "trace/at_second_test.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(PowerMeter, HoldsAValueUntilTheMiddleBeforeTheNext) {
  PowerMeter meter;
  EXPECT_EQ(meter.read(at(0), Power{100}), Energy{});
  EXPECT_EQ(meter.read(at(1), Power{100}), Energy::from_joules(100));
  EXPECT_EQ(meter.read(at(2), Power{300}), Energy::from_joules(300));
}

TEST(PowerMeter, CountsNothingAcrossAForgottenStretch) {
  PowerMeter meter;
  meter.read(at(0), Power{100});
  meter.read(at(1), Power{100});
  meter.forget_last();
  EXPECT_EQ(meter.read(at(100), Power{100}), Energy::from_joules(100));
  EXPECT_EQ(meter.read(at(101), Power{100}), Energy::from_joules(200));
}

}  // namespace
}  // namespace gradwatt
