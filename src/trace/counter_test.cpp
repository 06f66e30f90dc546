#include "trace/counter.h"

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

TEST(CounterStep, DoubtsAWaitThatCouldHideAWholeRange) {
  const auto step = counter_step(joules(100), joules(150), from_seconds(10), kLimits);
  EXPECT_EQ(std::get<CounterAmbiguous>(step).least, joules(50));
}

TEST(CounterMeter, AddsUpAcrossWrapsAndLeavesResetsOut) {
  CounterMeter meter(kLimits);
  EXPECT_EQ(meter.read({0}, joules(980)).since_first, Energy{});
  EXPECT_EQ(meter.read({1'000'000'000}, joules(990)).since_first, joules(10));
  EXPECT_EQ(meter.read({2'000'000'000}, joules(20)).since_first, joules(40));
  EXPECT_EQ(meter.read({3'000'000'000}, joules(0)).since_first, joules(40));
  EXPECT_EQ(meter.read({4'000'000'000}, joules(7)).since_first, joules(47));
}

}  // namespace
}  // namespace gradwatt
