#include "analyze/nonnegative_model.h"

#include "analyze/fit_quality.h"
#include "analyze/hour_fit.h"

#include <gtest/gtest.h>

#include <vector>

namespace gradwatt {
namespace {

TEST(NonnegativeModel, IsThatOfTheExample) {
  const std::vector<FitRow> rows{{{1}, 1}, {{1}, 2}, {{1}, 3}};
  const NonnegativeModel model(rows);
  EXPECT_NEAR(model.coefficients()[0], 2, 1e-12);
  EXPECT_NEAR(model.interval(0)->hi, 2 + 2.484, 0.001);
  EXPECT_EQ(model.interval(0)->lo, 0);
  EXPECT_NEAR(*model.half_width(std::vector<double>{1}), 4.968, 0.001);
}

TEST(NonnegativeModel, IsLessSureFurtherAway) {
  const std::vector<FitRow> rows{{{1, 1}, 1.1}, {{1, 2}, 1.9}, {{1, 3}, 3.1}, {{1, 4}, 3.9}};
  const NonnegativeModel model(rows);
  const double near = *model.half_width(std::vector<double>{1, 2.5});
  const double far = *model.half_width(std::vector<double>{1, 25});
  EXPECT_GT(far, 2 * near);
}

TEST(NonnegativeModel, HasNoIntervalWithoutARowToSpare) {
  const std::vector<FitRow> rows{{{1, 1}, 3}, {{1, 2}, 5}};
  const NonnegativeModel model(rows);
  EXPECT_NEAR(model.value(std::vector<double>{1, 3}), 7, 1e-9);
  EXPECT_FALSE(model.interval(0).has_value());
  EXPECT_FALSE(model.half_width(std::vector<double>{1, 3}).has_value());
}

TEST(FitQuality, IsThatOfTheExample) {
  const std::vector<double> model{9, 22};
  const std::vector<double> measured{10, 20};
  const auto never = [](std::size_t) -> std::optional<double> { return std::nullopt; };
  const FitQuality quality = fit_quality(model, measured, 1, never);
  EXPECT_NEAR(quality.mean_error, 0.1, 1e-12);
  EXPECT_NEAR(*quality.r2, 0.9, 1e-12);
  EXPECT_NEAR(*quality.half_width, 1.80, 0.005);
  EXPECT_FALSE(quality.left_out_error.has_value());
}

TEST(FitQuality, AsksForEachRowByTheOthers) {
  const std::vector<double> values{10, 20};
  const auto other = [&](std::size_t row) { return std::optional(values[1 - row]); };
  const FitQuality quality = fit_quality(values, values, 1, other);
  EXPECT_NEAR(*quality.left_out_error, 0.75, 1e-12);
  EXPECT_NEAR(*quality.left_out_error_max, 1, 1e-12);
}

TEST(HourFit, IsThatOfTheExample) {
  const std::vector<ParallelTraining> rows{
      {1, 1, 1, 1, kSecondsPerHour, 100 * kSecondsPerHour},
      {1, 1, 1, 1, 2 * kSecondsPerHour, 220 * kSecondsPerHour}};
  const auto line = fit_hours(rows, false);
  ASSERT_TRUE(line.has_value());
  EXPECT_NEAR(line->power_w, 108, 1e-9);
  const auto offset = fit_hours(rows, true);
  ASSERT_TRUE(offset.has_value());
  EXPECT_NEAR(offset->power_w, 120, 1e-9);
  EXPECT_NEAR(*offset->offset_j, -20 * kSecondsPerHour, 1e-6);
  EXPECT_FALSE(offset->power_interval.has_value());
  EXPECT_NEAR(*line->quality.left_out_error, (10.0 / 100 + 20.0 / 220) / 2, 1e-9);
}

TEST(HourFit, NeedsTwoDifferentHoursForAnOffset) {
  const std::vector<ParallelTraining> rows{{1, 1, 1, 1, 100, 5}, {1, 1, 1, 1, 100, 6}};
  EXPECT_FALSE(fit_hours(rows, true).has_value());
  EXPECT_TRUE(fit_hours(rows, false).has_value());
  EXPECT_FALSE(fit_hours({}, false).has_value());
}

}  // namespace
}  // namespace gradwatt
