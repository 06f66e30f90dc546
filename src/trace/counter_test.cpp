#include "trace/counter.h"

#include "trace/at_second_test.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

Energy joules(double value) { return Energy::from_joules(value); }
const CounterLimits kLimits{joules(1000), Power{100}};

TEST(CounterStep, IsNoDifferenceTheFirstTime) {
  EXPECT_TRUE(std::holds_alternative<CounterFirst>(
      counter_step(std::nullopt, joules(5), from_seconds(1), kLimits)));
}

TEST(CounterStep, WrapsAtItsModulus) {
  const auto step = counter_step(joules(990), joules(5), from_seconds(1), kLimits);
  EXPECT_EQ(std::get<CounterWrapped>(step).energy, joules(15));
  const auto exact = counter_step(joules(990), joules(0), from_seconds(1), kLimits);
  EXPECT_EQ(std::get<CounterWrapped>(exact).energy, joules(10));
}

TEST(CounterStep, NeverTakesAResetForAWrap) {
  EXPECT_TRUE(std::holds_alternative<CounterReset>(
      counter_step(joules(500), joules(0), from_seconds(1), kLimits)));
  EXPECT_TRUE(std::holds_alternative<CounterReset>(
      counter_step(joules(990), joules(0), from_seconds(1), {std::nullopt, Power{100}})));
}

TEST(CounterStep, NeverTakesAFallByMoreThanItsRangeForAWrap) {
  // The kernel's sum of a counter goes on where the hardware's range ends.
  for (const double waited_s : {0.1, 100.0}) {
    EXPECT_TRUE(std::holds_alternative<CounterReset>(
        counter_step(joules(5000), joules(10), from_seconds(waited_s), kLimits)))
        << waited_s;
  }
}

TEST(CounterStep, DoubtsAWaitThatCouldHideAWholeRange) {
  const auto step = counter_step(joules(100), joules(150), from_seconds(10), kLimits);
  EXPECT_EQ(std::get<CounterAmbiguous>(step).least, joules(50));
}

TEST(CounterMeter, AddsUpAcrossWraps) {
  CounterMeter meter(kLimits);
  EXPECT_EQ(meter.read(at(0), joules(980)).since_first, Energy{});
  EXPECT_EQ(meter.read(at(1), joules(990)).since_first, joules(10));
  EXPECT_EQ(meter.read(at(2), joules(20)).since_first, joules(40));
}

TEST(CounterMeter, AssumesThePowerBeforeAResetAcrossIt) {
  CounterMeter meter(kLimits);
  meter.read(at(0), joules(480));
  meter.read(at(1), joules(500));  // 20 W
  EXPECT_EQ(meter.read(at(2), joules(3)).kind, CounterMeter::Step::Kind::suspect);
  const auto step = meter.read(at(3), joules(13));
  EXPECT_EQ(step.kind, CounterMeter::Step::Kind::reset);
  // 20 J assumed between 1 s and 2 s, 10 J counted since; at least the 3 J counted since the reset.
  EXPECT_EQ(step.since_first, joules(20 + 20 + 10));
  EXPECT_EQ(step.assumed, joules(30));
  EXPECT_EQ(step.least, joules(13));
  EXPECT_EQ(step.most, joules(110));
  EXPECT_EQ(meter.read(at(4), joules(33)).since_first, joules(70));
}

TEST(CounterMeter, LosesNothingToOneOddValue) {
  CounterMeter meter({std::nullopt, Power{100}});
  meter.read(at(0), joules(22'000));
  meter.read(at(1), joules(22'010));
  EXPECT_EQ(meter.read(at(2), joules(200)).kind, CounterMeter::Step::Kind::suspect);
  const auto step = meter.read(at(3), joules(22'030));
  EXPECT_EQ(step.kind, CounterMeter::Step::Kind::good);
  EXPECT_EQ(step.since_first, joules(30));
  EXPECT_EQ(meter.read(at(4), joules(9'000'000)).kind, CounterMeter::Step::Kind::suspect);
  EXPECT_EQ(meter.read(at(5), joules(22'050)).since_first, joules(50));
}

TEST(CounterMeter, ChoosesTheLikeliestNumberOfUnseenWraps) {
  CounterMeter meter(kLimits);  // a range of 1000 J
  meter.read(at(0), joules(0));
  meter.read(at(2), joules(80));  // 40 W
  // 60 s at 40 W are 2400 J: two wraps, and 80 + 2400 - 2000.
  const auto step = meter.read(at(62), joules(480));
  EXPECT_EQ(step.kind, CounterMeter::Step::Kind::ambiguous);
  EXPECT_EQ(step.since_first, joules(2480));
  EXPECT_EQ(step.least, joules(400));
  EXPECT_EQ(step.most, joules(5400));
}

TEST(CounterMeter, CountsNothingAcrossWhatItForgets) {
  CounterMeter meter(kLimits);
  meter.read(at(0), joules(10));
  meter.read(at(1), joules(20));
  meter.forget_last();
  EXPECT_EQ(meter.read(at(2), joules(3)).since_first, joules(10));
  EXPECT_EQ(meter.read(at(3), joules(5)).since_first, joules(12));
}

}  // namespace
}  // namespace gradwatt
