#include "trace/wall_fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace gradwatt {
namespace {

using testing::HasSubstr;

std::vector<WallPoint> points_on(double offset, double gain, double noise_w, int count = 60) {
  std::mt19937 random(3);
  std::normal_distribution<double> noise(0, noise_w > 0 ? noise_w : 1);
  std::vector<WallPoint> points;
  for (int i = 0; i < count; ++i) {
    const double x = 60 + (i % 10) * 30;
    points.push_back({x, offset + gain * x + (noise_w > 0 ? noise(random) : 0)});
  }
  return points;
}

TEST(WallFit, FindsTheLineThroughItsPoints) {
  const auto result = fit_wall(points_on(30, 1.2, 0));
  ASSERT_TRUE(result.found) << result.why_not;
  EXPECT_NEAR(result.found->offset.watts, 30, 1e-6);
  EXPECT_NEAR(result.found->gain, 1.2, 1e-9);
  EXPECT_NEAR(result.found->residual.watts, 0, 1e-6);
  EXPECT_EQ(result.found->least, Power{60});
  EXPECT_EQ(result.found->most, Power{330});
}

TEST(WallFit, SaysHowFarThePointsLieFromIt) {
  const auto result = fit_wall(points_on(30, 1.2, 4, 600));
  ASSERT_TRUE(result.found) << result.why_not;
  EXPECT_NEAR(result.found->gain, 1.2, 0.01);
  EXPECT_NEAR(result.found->residual.watts, 4, 0.6);
}

TEST(WallFit, IsHardlyMovedByOutliers) {
  auto points = points_on(30, 1.2, 2, 100);
  for (std::size_t i = 0; i < points.size(); i += 7) {
    points[i].wall_w += 2000;  // Somebody else's kettle.
  }
  const auto result = fit_wall(points);
  ASSERT_TRUE(result.found) << result.why_not;
  EXPECT_NEAR(result.found->offset.watts, 30, 2);
  EXPECT_NEAR(result.found->gain, 1.2, 0.01);
}

TEST(WallFit, TwiceTheWattsAreTwiceTheLine) {
  auto points = points_on(30, 1.2, 3);
  const auto once = fit_wall(points);
  for (WallPoint& point : points) {
    point.wall_w *= 2;
  }
  const auto twice = fit_wall(points);
  EXPECT_NEAR(twice.found->gain, 2 * once.found->gain, 1e-6);
  EXPECT_NEAR(twice.found->offset.watts, 2 * once.found->offset.watts, 1e-4);
}

TEST(WallFit, NeedsALoadThatVaries) {
  std::vector<WallPoint> points(50, {200, 270});
  EXPECT_THAT(fit_wall(points).why_not, HasSubstr("does not vary"));
  // It varies, but less than the meter's noise.
  std::mt19937 random(3);
  std::normal_distribution<double> noise(0, 60);
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i] = {200 + static_cast<double>(i % 5) * 4, 270 + noise(random)};
  }
  EXPECT_FALSE(fit_wall(points).found);
}

TEST(WallFit, NeedsPointsAndAMeterThatRises) {
  EXPECT_THAT(fit_wall(points_on(30, 1.2, 0, 5)).why_not, HasSubstr("10 are needed"));
  EXPECT_THAT(fit_wall(points_on(500, -1, 1)).why_not, HasSubstr("does not rise"));
}

}  // namespace
}  // namespace gradwatt
