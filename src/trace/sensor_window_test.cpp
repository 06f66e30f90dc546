#include "trace/sensor_window.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace gradwatt {
namespace {

using testing::HasSubstr;

/// A sensor that shows, each `refresh`, the mean over a window that ended `lag` before.
struct SimulatedSensor {
  double refresh_s;
  double window_s;
  double lag_s;
  double noise_w = 0;
  double quantum_w = 0.001;
  double jitter_s = 0;
};

constexpr double kLow = 70;
constexpr double kHigh = 390;

std::vector<LoadStep> switched(int count, double first_s = 1.5) {
  std::vector<LoadStep> steps;
  double t = first_s;
  for (int i = 0; i < count; ++i) {
    steps.push_back({t, i % 2 == 0});
    t += 1.2137 + 0.0619 * (i % 5);  // Keeps no time with anything.
  }
  return steps;
}

double mean_power(const std::vector<LoadStep>& steps, double from, double to) {
  double sum = 0;
  bool on = false;
  double t = from;
  for (const LoadStep& step : steps) {
    const double until = std::clamp(step.t_s, t, to);
    sum += (until - t) * (on ? kHigh : kLow);
    t = until;
    on = step.on;
  }
  sum += (to - t) * (on ? kHigh : kLow);
  return sum / (to - from);
}

std::vector<SensorReading> polled(const SimulatedSensor& sensor,
                                  const std::vector<LoadStep>& steps,
                                  double poll_s) {
  std::mt19937 random(5);
  std::normal_distribution<double> noise(0, sensor.noise_w > 0 ? sensor.noise_w : 1);
  std::uniform_real_distribution<double> jitter(0, sensor.jitter_s > 0 ? sensor.jitter_s : 1);
  std::vector<SensorReading> readings;
  double update = 0.0371;
  double value = kLow;
  const double end = steps.back().t_s + 2.5;
  for (double t = 0; t < end; t += poll_s) {
    while (update <= t) {
      const double until = update - sensor.lag_s;
      value = mean_power(steps, until - sensor.window_s, until) +
              (sensor.noise_w > 0 ? noise(random) : 0);
      value = std::round(value / sensor.quantum_w) * sensor.quantum_w;
      update += sensor.refresh_s + (sensor.jitter_s > 0 ? jitter(random) : 0);
    }
    readings.push_back({t, value});
  }
  return readings;
}

void expect_found(const SimulatedSensor& sensor, double poll_s, double tolerance_s) {
  const auto steps = switched(20);
  const auto result = fit_sensor_window(polled(sensor, steps, poll_s), steps, sensor.refresh_s);
  ASSERT_TRUE(result.found) << result.why_not;
  EXPECT_NEAR(result.found->window_s, sensor.window_s, tolerance_s);
  EXPECT_NEAR(result.found->lag_s, sensor.lag_s, tolerance_s);
  EXPECT_NEAR(result.found->low_w, kLow, 8);
  EXPECT_NEAR(result.found->high_w, kHigh, 8);
}

TEST(SensorWindow, OfASensorThatLooksAQuarterOfTheTime) {
  expect_found({0.1, 0.025, 0}, 0.002, 0.004);
  expect_found({0.1, 0.025, 0.040}, 0.002, 0.004);
}

TEST(SensorWindow, OfASensorThatLooksAllTheTime) {
  expect_found({0.1, 0.1, 0}, 0.002, 0.004);
  expect_found({0.1, 0.1, 0.2}, 0.002, 0.004);
}

TEST(SensorWindow, OfAMeanOverASecond) { expect_found({0.1, 1.0, 0.1}, 0.002, 0.005); }

TEST(SensorWindow, OfAFastSensor) { expect_found({0.02, 0.01, 0.015}, 0.001, 0.003); }

TEST(SensorWindow, OfANoisySensorThatIsNotPunctual) {
  expect_found({0.101, 0.025, 0.02, 2, 1, 0.003}, 0.002, 0.006);
}

TEST(SensorWindow, IsUnknownWhereTheSensorDoesNotFollow) {
  const auto steps = switched(20);
  std::vector<SensorReading> constant;
  for (int i = 0; i < 10000; ++i) {
    constant.push_back({i * 0.002, 70});
  }
  EXPECT_THAT(fit_sensor_window(constant, steps, 0.1).why_not, HasSubstr("hardly updated"));
  std::mt19937 random(5);
  std::normal_distribution<double> noise(0, 3);
  for (std::size_t i = 50; i < constant.size(); ++i) {
    constant[i].value = i % 50 == 0 ? 70 + noise(random) : constant[i - 1].value;
  }
  EXPECT_THAT(fit_sensor_window(constant, steps, 0.1).why_not, HasSubstr("does not follow"));
  EXPECT_THAT(fit_sensor_window(constant, switched(2), 0.1).why_not, HasSubstr("often enough"));
}

}  // namespace
}  // namespace gradwatt
