#include "measure/counter_gate.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using Verdict = CounterGate::Verdict;

/// Five seconds at `watts`, in which the counter counts `joules`.
Verdict judged(double watts, double joules) {
  CounterGate gate;
  for (int i = 0; i <= 10; ++i) {
    EXPECT_EQ(gate.verdict(), Verdict::open);
    gate.note(
        Instant{} + from_seconds(i * 0.5), Energy::from_joules(joules * i / 10), Power{watts});
  }
  return gate.verdict();
}

TEST(CounterGate, PassesBetweenHalfAndDoubleThePowerTimesTime) {
  EXPECT_EQ(judged(100, 500), Verdict::passed);
  EXPECT_EQ(judged(100, 250), Verdict::passed);
  EXPECT_EQ(judged(100, 1000), Verdict::passed);
  EXPECT_EQ(judged(100, 249), Verdict::suspect);
  EXPECT_EQ(judged(100, 1001), Verdict::suspect);
}

TEST(CounterGate, SuspectsACounterThatStandsStillUnderPower) {
  EXPECT_EQ(judged(60, 0), Verdict::suspect);
}

TEST(CounterGate, DoesNotJudgeADeviceThatDrawsNothing) { EXPECT_EQ(judged(0, 0), Verdict::open); }

TEST(CounterGate, PassesAnIdleCounterThatIsKnownToDisagree) {
  // 187 J against 327 J over 5 s: what Zeus found on an idle GPU (its issue 181).
  EXPECT_EQ(judged(327.0 / 5, 187), Verdict::passed);
}

TEST(CounterGate, StartsAgainWhenTheDeviceWasAway) {
  CounterGate gate;
  gate.note(Instant{}, Energy{}, Power{100});
  gate.restart();
  gate.note(Instant{} + std::chrono::seconds(60), Energy{}, Power{100});
  EXPECT_EQ(gate.verdict(), Verdict::open);
  gate.note(Instant{} + std::chrono::seconds(65), Energy::from_joules(500), Power{100});
  EXPECT_EQ(gate.verdict(), Verdict::passed);
}

}  // namespace
}  // namespace gradwatt
