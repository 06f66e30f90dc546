#include "trace/cumulative.h"

#include "trace/at_second_test.h"

#include <gtest/gtest.h>

#include <random>

namespace gradwatt {
namespace {

CumulativeSeries hundred_joules_in_ten_seconds() {
  CumulativeSeries series;
  series.add(at(0), Energy{});
  series.add(at(10), Energy::from_joules(100));
  return series;
}

TEST(CumulativeSeries, InterpolatesBetweenKnownValues) {
  const auto series = hundred_joules_in_ten_seconds();
  EXPECT_EQ(series.at(at(2.5)), Energy::from_joules(25));
  EXPECT_EQ(series.at(at(10)), Energy::from_joules(100));
}

TEST(CumulativeSeries, StaysAtItsEndsOutside) {
  const auto series = hundred_joules_in_ten_seconds();
  EXPECT_EQ(series.at(at(-1)), Energy{});
  EXPECT_EQ(series.at(at(99)), Energy::from_joules(100));
}

TEST(CumulativeSeries, CannotIntegrateASingleValue) {
  CumulativeSeries series;
  series.add(at(0), Energy{});
  EXPECT_FALSE(series.can_integrate());
  EXPECT_EQ(series.coverage(at(0), at(1)), 0);
}

TEST(CumulativeSeries, SaysHowMuchOfAWindowItCovers) {
  const auto series = hundred_joules_in_ten_seconds();
  EXPECT_DOUBLE_EQ(series.coverage(at(2), at(4)), 1);
  EXPECT_DOUBLE_EQ(series.coverage(at(5), at(15)), 0.5);
  EXPECT_DOUBLE_EQ(series.coverage(at(20), at(30)), 0);
}

TEST(CumulativeSeries, BoundsWhatThePowerCouldHaveDone) {
  CumulativeSeries series(SensorModel{.power_max = Power{50}});
  series.add(at(0), Energy{});
  series.add(at(10), Energy::from_joules(100));
  // At 9 s: at most 100 J, and at least 100 J - 50 W x 1 s.
  EXPECT_EQ(series.bounds(at(9)).lo, Energy::from_joules(50));
  EXPECT_EQ(series.bounds(at(9)).hi, Energy::from_joules(100));
  // At 1 s: at most 50 W x 1 s.
  EXPECT_EQ(series.bounds(at(1)).lo, Energy{});
  EXPECT_EQ(series.bounds(at(1)).hi, Energy::from_joules(50));
}

TEST(CumulativeSeries, KnowsAFastCounterToARenewalWhereItsChangeWasAwaited) {
  CumulativeSeries series(
      SensorModel{.refresh = std::chrono::milliseconds(1), .power_max = Power{700}});
  series.add(at(0), Energy{});
  series.add(at(0.1002), Energy::from_joules(30));
  series.add(at(0.1008), Energy::from_joules(30));
  series.add(at(0.1009), Energy::from_joules(30.3));
  // Renewed between 100.8 and 100.9 ms, and before that 0.95 to 1.05 ms earlier: at 99.75 to
  // 99.95 ms.
  const auto at_mark = series.bounds(at(0.1));
  EXPECT_EQ(at_mark.lo, Energy::from_joules(30));
  EXPECT_EQ(at_mark.hi, Energy::from_joules(30 + 0.00025 * 700));
}

TEST(CumulativeSeries, DoesNotTrustAPeriodThatTheReadingsContradict) {
  SensorModel model{.refresh = std::chrono::milliseconds(100), .power_max = Power{700}};
  CumulativeSeries series(model);
  series.add(at(0), Energy{});
  for (int i = 1; i <= 10; ++i) {
    // Renewed every 20 ms although it says 100 ms.
    series.add(at(0.02 * i), Energy::from_joules(6 * i));
  }
  EXPECT_EQ(series.bounds(at(0.05)).lo, Energy::from_joules(12));
}

TEST(CumulativeSeries, AddsUpExactlyHoweverAWindowIsSplit) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 500; ++round) {
    CumulativeSeries series;
    Instant time{};
    Energy energy{};
    for (int i = 0; i < 30; ++i) {
      series.add(time, energy);
      time = time + Duration(1 + static_cast<std::int64_t>(random() % 1'000'000'000));
      energy += Energy{static_cast<std::int64_t>(random() % 1'000'000'007)};
    }
    Energy sum{};
    Instant from{};
    while (from < time) {
      const Instant to =
          std::min(time, from + Duration(1 + static_cast<std::int64_t>(random() % 3'000'000'000)));
      sum += series.at(to) - series.at(from);
      from = to;
    }
    EXPECT_EQ(sum, series.at(time) - series.at(Instant{}));
  }
}

TEST(CumulativeSeries, HoldsItsValueInsideItsBounds) {
  std::mt19937_64 random(5);
  CumulativeSeries series(SensorModel{.refresh = from_seconds(0.001), .power_max = Power{300}});
  Energy energy{};
  for (int i = 0; i < 200; ++i) {
    series.add(at(i * 0.1), energy);
    energy += Energy{static_cast<std::int64_t>(random() % 30'000'000)};
  }
  for (int i = 0; i < 2'000; ++i) {
    const Instant time = at(static_cast<double>(random() % 19'900) / 1000.0);
    EXPECT_LE(series.bounds(time).lo, series.at(time));
    EXPECT_LE(series.at(time), series.bounds(time).hi);
  }
}

}  // namespace
}  // namespace gradwatt
