#include "trace/at_second_test.h"
#include "trace/energy_book.h"
#include "trace/window_bounds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace gradwatt {
namespace {

ChannelInfo slow_counter() {
  ChannelInfo info{"gpu0", "GPU-1", "nvml", "counter", "gpu-board"};
  info.refresh = from_seconds(0.1);
  info.power_max = Power{700};
  return info;
}

ChannelInfo power_sensor(double window_s) {
  ChannelInfo info{"gpu0", "GPU-1", "nvml", "power", "gpu-board"};
  info.refresh = from_seconds(0.1);
  info.window = from_seconds(window_s);
  info.power_max = Power{700};
  return info;
}

/// A load in steps of 0.3 s, and its exact energy.
class Steps {
 public:
  explicit Steps(std::uint64_t seed) : random_(seed) {
    for (int i = 0; i < 200; ++i) {
      watts_.push_back(50 + static_cast<double>(random_() % 600));
    }
  }
  [[nodiscard]] double joules(double time) const {
    const double steps = time / 0.3;
    const auto whole = static_cast<std::size_t>(steps);
    double sum = 0;
    for (std::size_t i = 0; i < whole; ++i) {
      sum += watts_[i] * 0.3;
    }
    return sum + watts_[whole] * (steps - static_cast<double>(whole)) * 0.3;
  }

 private:
  std::mt19937_64 random_;
  std::vector<double> watts_;
};

/// What a counter renewed every 100 ms, `phase` behind the full tenth, shows.
Energy shown_at(const Steps& load, double time, double phase) {
  const double renewed = std::floor((time - phase) / 0.1) * 0.1 + phase;
  return Energy::from_joules(load.joules(std::max(0.0, renewed)));
}

TEST(SlowCounter, IsNotBentByReadingsOfTheSameValue) {
  CumulativeSeries series(sensor_model(slow_counter()));
  // Renewed at 0.10, 0.20, 0.30 ... s under 100 W, read every 20 ms and seen up to 20 ms later.
  for (int i = 5; i <= 50; ++i) {
    const int renewals = i / 5;
    series.add(at(0.02 * i + 0.001), Energy::from_joules(10 * renewals));
  }
  for (double time = 0.3; time < 0.85; time += 0.013) {
    EXPECT_NEAR(series.at(at(time)).joules(), 100 * time, 100 * 0.02) << time;
  }
}

TEST(SlowCounter, GoesOnAtThePowerOfItsLastSecondBehindItsLastRenewal) {
  CumulativeSeries series(sensor_model(slow_counter()));
  for (int i = 0; i <= 100; ++i) {
    series.add(at(0.02 * i), Energy::from_joules(10 * (i / 5)));
  }
  series.add(at(2.08), Energy::from_joules(200));
  EXPECT_NEAR(series.at(at(2.08)).joules(), 208, 1.5);
  EXPECT_GT(series.extrapolated(at(0), at(2.08)), from_seconds(0.05));
  EXPECT_EQ(series.extrapolated(at(0), at(1)), Duration{});
}

TEST(SlowCounter, HoldsTheTruthOfShortEpochsAndAddsThemUpExactly) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const Steps load(seed);
    std::mt19937_64 random(seed);
    const double phase = static_cast<double>(random() % 1000) * 1e-4;
    CumulativeSeries series(sensor_model(slow_counter()));
    for (double time = 0.05; time < 12; time += 0.1) {
      series.add(at(time), shown_at(load, time, phase));
    }
    Energy sum;
    for (int epoch = 0; epoch < 30; ++epoch) {
      const Instant begin = at(1) + epoch * std::chrono::milliseconds(300);
      const Instant end = begin + std::chrono::milliseconds(300);
      const auto window = bounded_window(slow_counter(), series, {}, begin, end);
      const double truth =
          load.joules(seconds(end - Instant{})) - load.joules(seconds(begin - Instant{}));
      EXPECT_LE(window.energy.lo.joules(), truth) << seed << " " << epoch;
      EXPECT_GE(window.energy.hi.joules(), truth) << seed << " " << epoch;
      sum += window.energy.energy;
    }
    EXPECT_EQ(sum, series.at(at(10)) - series.at(at(1)));
  }
}

TEST(PowerSensor, KeepsAConstantLoadToTheLastDigit) {
  CumulativeSeries series(sensor_model(power_sensor(0.1)));
  for (int i = 0; i <= 600; ++i) {
    series.add(at(0.1 * i), Energy::from_joules(30.0 * i));
  }
  const auto window = bounded_window(power_sensor(0.1), series, {}, at(0.5), at(59));
  EXPECT_EQ(window.energy.energy, Energy::from_joules(300 * 58.5));
  EXPECT_EQ(window.terms.aliasing_j, 0);
}

TEST(PowerSensor, IsMovedBackByWhatItIsLate) {
  // A mean over 1 s, shown every 100 ms: a load that ends at 10 s is shown until 11 s.
  ChannelInfo info = power_sensor(1);
  CumulativeSeries series(sensor_model(info));
  EXPECT_EQ(series.display_delay(), from_seconds(0.55));
  double joules = 0;
  for (int i = 0; i <= 300; ++i) {
    series.add(at(0.1 * i), Energy::from_joules(joules));
    const double shown = std::clamp(11 - 0.1 * i, 0.0, 1.0) * 500;
    joules += shown * 0.1;
  }
  EXPECT_NEAR(series.at(at(25)).joules() - series.at(at(1)).joules(), 500 * 9, 500 * 9 * 0.01);
}

TEST(PowerSensor, AdmitsWhatItCannotSee) {
  // 25 ms in every 100 ms: 300 W all the time look like 300 W during the quarter that is seen.
  const ChannelInfo info = power_sensor(0.025);
  EXPECT_DOUBLE_EQ(observed_share(info), 0.25);
  CumulativeSeries series(sensor_model(info));
  for (int i = 0; i <= 600; ++i) {
    series.add(at(0.1 * i), Energy::from_joules(30.0 * i));
  }
  const auto window = bounded_window(info, series, {}, at(1), at(11));
  EXPECT_LE(window.energy.lo, Energy::from_joules(0.25 * 3000));
  EXPECT_GE(window.energy.hi, Energy::from_joules(0.25 * 3000 + 0.75 * 7000));
  // What differs between two measurements with the same sensor is far less.
  EXPECT_GT(window.energy.random_lo, Energy::from_joules(2900));
  EXPECT_LT(window.energy.random_hi, Energy::from_joules(3100));
}

TEST(BoundedWindow, WorkedExampleOfTheDocumentation) {
  // 100 J in 1 s from a counter always fresh, with a gain of 5 % and 2 J to 12 J lost, 5 J assumed.
  ChannelInfo info{"pkg0", "package-0", "rapl", "counter", "cpu-package"};
  info.gain_lo = info.gain_hi = 0.05;
  CumulativeSeries series(sensor_model(info));
  series.add(at(0), {});
  series.add(at(1), Energy::from_joules(100));
  GapAccount gap{"pkg0", at(0.4), at(0.5), "the counter was reset", 0, true};
  gap.least = Energy::from_joules(2);
  gap.assumed = Energy::from_joules(5);
  gap.most = Energy::from_joules(12);
  const auto window = bounded_window(info, series, std::span(&gap, 1), at(0), at(1));
  EXPECT_EQ(window.energy.random_lo, Energy::from_joules(97));
  EXPECT_EQ(window.energy.random_hi, Energy::from_joules(107));
  EXPECT_EQ(window.energy.lo, Energy::from_joules(97 * 0.95));
  EXPECT_EQ(window.energy.hi, Energy::from_joules(107 * 1.05));
  EXPECT_DOUBLE_EQ(window.terms.gap_j, 5);
  EXPECT_DOUBLE_EQ(window.terms.gain_j, 5);
}

TEST(EnergyBook, SaysWhichWindowsItsSensorsCannotTell) {
  EnergyBook book;
  ChannelInfo info = power_sensor(0.025);
  info.in_total = true;
  CumulativeSeries series(sensor_model(info));
  series.add(at(0), {});
  series.add(at(1), Energy::from_joules(100));
  book.add(info, series);
  EXPECT_NE(book.blindness(from_seconds(0.05), std::nullopt), "");
  EXPECT_NE(book.blindness(from_seconds(0.15), from_seconds(0.2)), "");
  EXPECT_NE(book.blindness(from_seconds(0.15), from_seconds(0.201)), "");
  EXPECT_EQ(book.blindness(from_seconds(0.15), from_seconds(0.23)), "");
}

}  // namespace
}  // namespace gradwatt
