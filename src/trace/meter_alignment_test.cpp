#include "trace/meter_alignment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

namespace gradwatt {
namespace {

using testing::HasSubstr;

/// A load that never repeats: blocks of random length and power.
class RandomLoad {
 public:
  explicit RandomLoad(double length_s, unsigned seed = 1) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> block(2, 9);
    std::uniform_real_distribution<double> watts(80, 400);
    for (double t = 0; t < length_s; t += block(random)) {
      begins_.push_back(t);
      watts_.push_back(watts(random));
    }
  }
  [[nodiscard]] double at(double t_s) const {
    const auto next = std::upper_bound(begins_.begin(), begins_.end(), t_s);
    return next == begins_.begin() ? 60
                                   : watts_[static_cast<std::size_t>(next - begins_.begin()) - 1];
  }

 private:
  std::vector<double> begins_;
  std::vector<double> watts_;
};

/// What an instrument that samples each `step` says from `begin` to `end`.
EnergyCurve sampled(double begin, double end, double step, const std::function<double(double)>& f) {
  std::vector<double> times;
  std::vector<double> watts;
  for (int i = 0; begin + i * step <= end; ++i) {
    times.push_back(begin + i * step);
    watts.push_back(f(times.back()));
  }
  return EnergyCurve::of_power(times, watts);
}

TEST(MeterAlignment, FindsAKnownOffsetBetweenOneHertzAndTenHertz) {
  const RandomLoad load(200);
  const auto reference = sampled(0, 120, 0.1, [&](double t) { return load.at(t); });
  // A meter that covers more, on a clock of its own, with other units and an offset in power.
  const auto meter =
      sampled(1000, 1190, 1, [&](double t) { return 30 + 1.2 * load.at(t - 1012.37); });
  const auto result = align_meter(reference, meter);
  ASSERT_TRUE(result.found) << result.why_not;
  EXPECT_NEAR(result.found->offset_s, 1012.37, 0.2);
  EXPECT_GT(result.found->correlation, 0.9);
  EXPECT_NEAR(result.found->overlap_s, 120, 2);
  EXPECT_EQ(result.found->drift, 0);
}

TEST(MeterAlignment, IsFineWhereBothAreFine) {
  const RandomLoad load(200);
  const auto reference = sampled(0, 100, 0.1, [&](double t) { return load.at(t); });
  const auto meter = sampled(-50, 90, 0.1, [&](double t) { return load.at(t + 33.333); });
  const auto result = align_meter(reference, meter);
  ASSERT_TRUE(result.found) << result.why_not;
  EXPECT_NEAR(result.found->offset_s, -33.333, 0.03);
}

TEST(MeterAlignment, EnduresNoise) {
  const RandomLoad load(200);
  std::mt19937 random(7);
  std::normal_distribution<double> noise(0, 40);
  const auto reference = sampled(0, 120, 0.1, [&](double t) { return load.at(t) + noise(random); });
  const auto meter =
      sampled(0, 180, 1, [&](double t) { return load.at(t - 20.5) + noise(random); });
  const auto result = align_meter(reference, meter);
  ASSERT_TRUE(result.found) << result.why_not;
  EXPECT_NEAR(result.found->offset_s, 20.5, 0.25);
}

TEST(MeterAlignment, FindsTheDriftOfALongRecord) {
  const RandomLoad load(4000);
  const auto reference = sampled(0, 3600, 0.5, [&](double t) { return load.at(t); });
  constexpr double kDrift = 300e-6;  // 1.08 s in an hour
  const auto meter = sampled(
      0, 3700, 1, [&](double t) { return load.at((t - 5 + kDrift * 1800) / (1 + kDrift)); });
  const auto result = align_meter(reference, meter);
  ASSERT_TRUE(result.found) << result.why_not;
  EXPECT_NEAR(result.found->drift, kDrift, 40e-6);
  EXPECT_NEAR(result.found->to_meter(0), 5 - kDrift * 1800, 0.2);
  EXPECT_NEAR(result.found->to_meter(3600), 3605 + kDrift * 1800, 0.2);
}

TEST(MeterAlignment, GoesAroundGaps) {
  const RandomLoad load(200);
  auto reference =
      sampled(0, 120, 0.1, [&](double t) { return t > 40 && t < 60 ? 1e5 : load.at(t); });
  reference.add_gap(39.5, 60.5);
  const auto meter = sampled(0, 180, 1, [&](double t) { return load.at(t - 20.5); });
  const auto result = align_meter(reference, meter);
  ASSERT_TRUE(result.found) << result.why_not;
  EXPECT_NEAR(result.found->offset_s, 20.5, 0.2);
}

TEST(MeterAlignment, SaysThatTheLoadDoesNotVary) {
  std::mt19937 random(7);
  std::normal_distribution<double> noise(0, 1);
  const auto constant = sampled(0, 100, 0.5, [&](double) { return 200.0; });
  const auto noisy = sampled(0, 100, 0.5, [&](double) { return 200 + noise(random); });
  const auto changing =
      sampled(0, 100, 1, [load = RandomLoad(100)](double t) { return load.at(t); });
  EXPECT_THAT(align_meter(constant, changing).why_not, HasSubstr("does not vary"));
  EXPECT_THAT(align_meter(changing, constant).why_not, HasSubstr("does not vary"));
  EXPECT_THAT(align_meter(noisy, noisy).why_not, HasSubstr("does not vary"));
}

TEST(MeterAlignment, SaysThatAMeterIsTheWrongWayRound) {
  const RandomLoad load(200);
  const auto reference = sampled(0, 120, 0.1, [&](double t) { return load.at(t); });
  const auto meter = sampled(0, 180, 1, [&](double t) { return 500 - load.at(t - 20); });
  const auto result = align_meter(reference, meter);
  EXPECT_FALSE(result.found);
  EXPECT_THAT(result.why_not, HasSubstr("inverted"));
}

TEST(MeterAlignment, SaysThatThereIsTooLittle) {
  const RandomLoad load(200);
  const auto reference = sampled(0, 6, 0.1, [&](double t) { return load.at(t); });
  const auto meter = sampled(0, 60, 1, [&](double t) { return load.at(t); });
  EXPECT_THAT(align_meter(reference, meter).why_not, HasSubstr("too short"));
  EXPECT_THAT(align_meter(EnergyCurve{}, meter).why_not, HasSubstr("no readings"));
}

TEST(MeterAlignment, RefusesToChooseBetweenEqualPlaces) {
  const auto square = [](double t) { return std::fmod(t + 1000, 10) < 5 ? 100.0 : 300.0; };
  const auto reference = sampled(0, 60, 0.1, square);
  const auto meter = sampled(0, 200, 1, square);
  EXPECT_THAT(align_meter(reference, meter).why_not, HasSubstr("repeats itself"));
}

TEST(MeterAlignment, ChoosesBetweenEqualPlacesByWhatTheClocksSay) {
  const auto square = [](double t) { return std::fmod(t + 1000, 10) < 5 ? 100.0 : 300.0; };
  const auto reference = sampled(0, 60, 0.1, square);
  const auto meter = sampled(0, 200, 0.1, [&](double t) { return square(t - 41.5); });
  const auto result = align_meter(reference, meter, {40, 4});
  ASSERT_TRUE(result.found) << result.why_not;
  EXPECT_NEAR(result.found->offset_s, 41.5, 0.05);
}

TEST(MeterAlignment, TakesNoMeterThatWatchedSomethingElse) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    const RandomLoad load(200, seed);
    const RandomLoad other(400, 1000 + seed);
    const auto reference = sampled(0, 120, 0.1, [&](double t) { return load.at(t); });
    const auto meter = sampled(-90, 210, 1, [&](double t) { return other.at(t + 95); });
    EXPECT_FALSE(align_meter(reference, meter, {0, 60}).found) << seed;
    EXPECT_FALSE(align_meter(reference, meter).found) << seed;
  }
}

TEST(MeterAlignment, TakesNoMeterThatMissedAFifthOfTheRun) {
  const RandomLoad load(200);
  const auto reference = sampled(0, 120, 0.1, [&](double t) { return load.at(t); });
  const auto most = sampled(20, 150, 1, [&](double t) { return load.at(t); });
  const auto less = sampled(30, 150, 1, [&](double t) { return load.at(t); });
  EXPECT_TRUE(align_meter(reference, most).found);
  EXPECT_FALSE(align_meter(reference, less).found);
  EXPECT_THAT(align_meter(reference, less, {0, 2}).why_not, HasSubstr("cover 80 % of the run"));
}

TEST(MeterAlignment, SaysThatTwoThingsHaveNothingInCommon) {
  const RandomLoad load(200, 1);
  const RandomLoad other(200, 2);
  const auto reference = sampled(0, 180, 0.1, [&](double t) { return load.at(t); });
  const auto meter = sampled(0, 180, 1, [&](double t) { return other.at(t); });
  EXPECT_FALSE(align_meter(reference, meter).found);
}

}  // namespace
}  // namespace gradwatt
