#include "trace/power_cells.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace gradwatt {
namespace {

using std::chrono::milliseconds;

constexpr Instant kStart{1'000'000'000'000};

Instant at_ms(double ms) { return kStart + Duration(static_cast<std::int64_t>(ms * 1e6)); }

SensorModel mean_of(Duration window, Duration refresh = milliseconds(100)) {
  SensorModel model;
  model.refresh = refresh;
  model.window = window;
  model.power_max = Power{700};
  model.integrates_power = true;
  return model;
}

/// A device whose power changes now and then, and a sensor that shows means of it.
class Device {
 public:
  /// From time 0 on, `watts[i]` for `step_ms`, again and again.
  Device(std::vector<double> watts, double step_ms) : watts_(std::move(watts)), step_ms_(step_ms) {}

  [[nodiscard]] double joules(double begin_ms, double end_ms) const {
    return until(end_ms) - until(begin_ms);
  }
  /// What a sensor renewed at phase_ms + i * period_ms shows, read every `interval_ms`.
  [[nodiscard]] std::vector<ShownPower> shown(const SensorModel& model,
                                              double period_ms,
                                              double phase_ms,
                                              double interval_ms,
                                              double until_ms) const {
    const double window_ms = seconds(model.window) * 1e3;
    std::vector<ShownPower> readings;
    for (double t = 5000; t < until_ms; t += interval_ms) {
      const double renewed = phase_ms + std::floor((t - phase_ms) / period_ms) * period_ms;
      const double end = renewed - seconds(model.lag) * 1e3;
      readings.push_back({at_ms(t), Power{joules(end - window_ms, end) / window_ms * 1e3}});
    }
    return readings;
  }

 private:
  [[nodiscard]] double until(double ms) const {
    const double round_ms = step_ms_ * static_cast<double>(watts_.size());
    double joules = std::floor(ms / round_ms) * round() / 1e3;
    double left = ms - std::floor(ms / round_ms) * round_ms;
    for (const double watts : watts_) {
      joules += watts * std::clamp(left, 0.0, step_ms_) / 1e3;
      left -= step_ms_;
    }
    return joules;
  }
  [[nodiscard]] double round() const {
    double sum = 0;
    for (const double watts : watts_) {
      sum += watts * step_ms_;
    }
    return sum;
  }

  std::vector<double> watts_;
  double step_ms_;
};

TEST(PowerCells, WorkedExampleOfTheDocumentation) {
  // 200 W and 400 W in turn, each for exactly one period: cells of 20 J and 40 J.
  const Device device({200, 400}, 100);
  const SensorModel model = mean_of(milliseconds(100));
  const auto shown = device.shown(model, 100, 0, 1, 9000);
  // From the middle of a cell of 20 J over 40, 20, 40 J to the middle of the next one of 20 J: at
  // either end 0 to 20 J, for 35 J is the most that 700 W make of 50 ms.
  const auto whole = power_cells(model, shown, at_ms(6050), at_ms(6450));
  ASSERT_TRUE(whole);
  constexpr double kPlaceOfRenewals = 0.005 * 700;
  EXPECT_NEAR(whole->lo, 100, kPlaceOfRenewals);
  EXPECT_NEAR(whole->hi, 140, kPlaceOfRenewals);
  // In a cell of 40 J: 5 to 35 J.
  const auto half = power_cells(model, shown, at_ms(6100), at_ms(6150));
  ASSERT_TRUE(half);
  EXPECT_NEAR(half->lo, 5, kPlaceOfRenewals);
  EXPECT_NEAR(half->hi, 35, kPlaceOfRenewals);
}

TEST(PowerCells, HoldTheTruthWhateverThePhase) {
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same every time.
  const auto between = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  int known = 0;
  for (int i = 0; i < 500; ++i) {
    std::vector<double> watts(7);
    std::generate(watts.begin(), watts.end(), [&] { return between(50, 700); });
    const Device device(watts, between(20, 900));
    SensorModel model = mean_of(milliseconds(i % 2 == 0 ? 100 : 1000));
    model.lag = milliseconds(i % 3 == 0 ? 400 : 0);
    const auto shown = device.shown(model, 100, between(0, 100), between(25, 45), 20'000);
    const double begin = between(7000, 10'000);
    const double end = begin + between(30, 8000);
    const auto energy = power_cells(model, shown, at_ms(begin), at_ms(end));
    if (!energy) {
      continue;
    }
    ++known;
    EXPECT_LE(energy->lo, device.joules(begin, end)) << i;
    EXPECT_GE(energy->hi, device.joules(begin, end)) << i;
    EXPECT_LE(energy->hi - energy->lo, 2.2 * seconds(model.window) * 700) << i;
  }
  EXPECT_GT(known, 450);
}

TEST(PowerCells, AreUncertainByAPeriodsEnergyWhereNothingChanges) {
  const Device device({300}, 100);
  const SensorModel model = mean_of(milliseconds(100));
  const auto energy =
      power_cells(model, device.shown(model, 100, 0, 40, 20'000), at_ms(7000), at_ms(12'000));
  ASSERT_TRUE(energy);
  EXPECT_LE(energy->lo, 1500);
  EXPECT_GE(energy->hi, 1500);
  EXPECT_LE(energy->hi - energy->lo, 2 * 30 + 10);
}

TEST(PowerCells, TakeWhatWasNotShownYetForAnything) {
  const Device device({300}, 100);
  const SensorModel model = mean_of(milliseconds(100));
  const auto energy =
      power_cells(model, device.shown(model, 100, 0, 40, 9000), at_ms(7000), at_ms(10'000));
  ASSERT_TRUE(energy);
  EXPECT_LE(energy->lo, 2 * 300);
  EXPECT_GE(energy->hi, 2 * 300 + 700);
}

TEST(PowerCells, AreSilentAboutASensorThatRenewsOtherwiseThanItSays) {
  const Device device({100, 500, 350, 60, 420}, 130);
  const SensorModel model = mean_of(milliseconds(100));
  const auto shown = device.shown(model, 103, 20, 40, 20'000);
  EXPECT_FALSE(power_cells(model, shown, at_ms(7000), at_ms(12'000)));
}

TEST(PowerCells, AreSilentAboutASensorThatLooksPartOfTheTime) {
  const Device device({300}, 100);
  const SensorModel part_time = mean_of(milliseconds(25));
  const auto shown = device.shown(part_time, 100, 0, 40, 20'000);
  EXPECT_FALSE(power_cells(part_time, shown, at_ms(7000), at_ms(12'000)));
  SensorModel boundless = mean_of(milliseconds(100));
  boundless.power_max.reset();
  EXPECT_FALSE(power_cells(boundless, shown, at_ms(7000), at_ms(12'000)));
}

}  // namespace
}  // namespace gradwatt
