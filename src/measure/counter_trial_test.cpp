#include "measure/counter_trial.h"

#include <gtest/gtest.h>

#include <vector>

namespace gradwatt {
namespace {

using Verdict = CounterTrial::Verdict;

/// Readings 0.1 s apart.
CounterTrial trial(const std::vector<std::optional<double>>& joules,
                   const std::optional<Power>& power) {
  CounterTrial trial;
  Instant time{1'000'000'000};
  for (const auto& value : joules) {
    trial.note(time, value ? std::optional(Energy::from_joules(*value)) : std::nullopt, power);
    time = time + from_seconds(0.1);
  }
  return trial;
}
Verdict verdict(const std::vector<std::optional<double>>& joules,
                const std::optional<Power>& power = Power{100}) {
  return trial(joules, power).verdict({});
}

TEST(CounterTrial, BelievesACounterThatCountsWhatThePowerSays) {
  EXPECT_EQ(verdict({1000, 1010, 1020, 1030}), Verdict::passed);
  EXPECT_DOUBLE_EQ(*trial({1000, 1010, 1020, 1030}, Power{100}).ratio(), 1.0);
  // 30 J are expected within 0.3 s: from 15 J to 60 J pass.
  EXPECT_EQ(verdict({0, 5, 10, 15.01}), Verdict::passed);
  EXPECT_EQ(verdict({0, 5, 10, 14.9}), Verdict::wrong_rate);
  EXPECT_EQ(verdict({0, 20, 40, 59.9}), Verdict::passed);
  EXPECT_EQ(verdict({0, 20, 40, 60.1}), Verdict::wrong_rate);
}

TEST(CounterTrial, DoesNotBelieveOneThatStandsStillFallsOrCountsAHundredfold) {
  EXPECT_EQ(verdict({1000, 1000, 1000}), Verdict::stands_still);
  EXPECT_EQ(verdict({1000, 1010, 1005, 1030}), Verdict::fell);
  EXPECT_EQ(verdict({0, 1000, 2000}), Verdict::wrong_rate);
}

TEST(CounterTrial, DoesNotBelieveOneThatCannotAlwaysBeRead) {
  EXPECT_EQ(verdict({}), Verdict::unreadable);
  EXPECT_EQ(verdict({0, std::nullopt, 20}), Verdict::unreadable);
}

TEST(CounterTrial, JudgesByMovementWhereThePowerIsNotTold) {
  EXPECT_EQ(verdict({0, 1, 2}, std::nullopt), Verdict::passed);
  EXPECT_EQ(verdict({1, 1, 1}, std::nullopt), Verdict::stands_still);
  EXPECT_FALSE(trial({0, 1, 2}, std::nullopt).mean_power());
}

TEST(CounterTrial, DoesNotBelieveACounterOfADeviceThatSaysItDrawsNothing) {
  EXPECT_EQ(verdict({0, 1, 2}, Power{0}), Verdict::wrong_rate);
  EXPECT_EQ(trial({0, 1, 2}, Power{0}).mean_power(), Power{0});
}

TEST(CounterTrial, SeesACounterThatLeavesOutTheSecondOfTwoDies) {
  const CounterTrial half = trial({0, 5.1, 10.2}, Power{100});
  EXPECT_EQ(half.verdict({}), Verdict::passed);
  EXPECT_EQ(half.verdict({0.7, 1.5}), Verdict::wrong_rate);
}

TEST(CounterTrial, PassesAnIdleCounterThatIsKnownToDisagree) {
  // 187 J against 327 J over 5 s: what Zeus found on an idle GPU (its issue 181).
  CounterTrial idle;
  idle.note(Instant{}, Energy{}, Power{327.0 / 5});
  idle.note(Instant{} + from_seconds(5), Energy::from_joules(187), Power{327.0 / 5});
  EXPECT_EQ(idle.verdict({}), Verdict::passed);
  EXPECT_EQ(idle.length(), from_seconds(5));
}

}  // namespace
}  // namespace gradwatt
