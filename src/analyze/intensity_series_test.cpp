#include "analyze/intensity_series.h"

#include "base/error.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

constexpr double kNoon = 1769860800;  // 2026-01-31T12:00:00Z.

IntensitySeries series_of(const std::string& rows) {
  return parse_intensity_series("t,g_per_kwh\n" + rows, "series.csv");
}

IntensitySeries around_noon() {
  return series_of("2026-01-31T11:00Z,200\n2026-01-31T12:00Z,300\n");
}

std::string error_of(const std::string& csv) {
  try {
    (void)parse_intensity_series(csv, "series.csv");
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(IntensitySeries, ReadsTimesInEveryUsualForm) {
  for (const char* noon : {"1769860800",
                           "2026-01-31T12:00:00Z",
                           "2026-01-31T12:00:00.000Z",
                           "2026-01-31T12:00Z",
                           "2026-01-31 12:00",
                           "2026-01-31T13:00+01:00",
                           "2026-01-31T06:30:00-0530"}) {
    const IntensitySeries series = series_of(std::string("0,1\n") + noon + ",2\n");
    EXPECT_DOUBLE_EQ(series.points[1].unix_s, kNoon) << noon;
  }
  EXPECT_DOUBLE_EQ(series_of("1970-01-02,1\n1970-01-03,2\n").points[0].unix_s, 86400);
}

TEST(IntensitySeries, FindsItsColumnsAndSkipsWhatSaysNothing) {
  const IntensitySeries series =
      parse_intensity_series("# from\n\nzone,g_per_kwh,t\nDE,200,0\nDE,300,3600\n", "s.csv");
  EXPECT_EQ(series.points.size(), 2U);
  EXPECT_EQ(series.points[0].g_per_kwh, 200);
  EXPECT_EQ(series.end_s(), 7200);
}

TEST(IntensitySeries, NamesTheLineOfWhatItCannotRead) {
  EXPECT_NE(error_of("t,g_per_kwh\nyesterday,1\n").find("series.csv:2"), std::string::npos);
  EXPECT_NE(error_of("t,g_per_kwh\n2026-02-30T00:00Z,1\n").find("no time"), std::string::npos);
  EXPECT_NE(error_of("t,g_per_kwh\n0,-1\n").find("no intensity"), std::string::npos);
  EXPECT_NE(error_of("t,g_per_kwh\n0,nan\n").find("no intensity"), std::string::npos);
  EXPECT_NE(error_of("t,g_per_kwh\n0,1\n0,2\n").find("not after"), std::string::npos);
  EXPECT_NE(error_of("t,g_per_kwh\n0,1\n").find("two rows"), std::string::npos);
  EXPECT_NE(error_of("t,g_per_kwh\n0\n").find("missing"), std::string::npos);
  EXPECT_NE(error_of("t,gco2\n0,1\n").find("g_per_kwh"), std::string::npos);
  EXPECT_NE(error_of("").find("two rows"), std::string::npos);
}

TEST(WeightedIntensity, WeighsByEnergyNotByTime) {
  const std::vector<EnergyPiece> pieces{{kNoon - 60, kNoon, 10}, {kNoon, kNoon + 5, 30}};
  EXPECT_DOUBLE_EQ(*weighted_intensity(around_noon(), pieces), 275);
}

TEST(WeightedIntensity, CutsAPieceWhereTheSeriesSteps) {
  const std::vector<EnergyPiece> pieces{{kNoon - 300, kNoon + 900, 7}};
  EXPECT_DOUBLE_EQ(*weighted_intensity(around_noon(), pieces), 275);
}

TEST(WeightedIntensity, IsTheSameForARunCutInParts) {
  const std::vector<EnergyPiece> whole{{kNoon - 1000, kNoon + 1000, 20}};
  const std::vector<EnergyPiece> parts{{kNoon - 1000, kNoon - 400, 6},
                                       {kNoon - 400, kNoon + 1000, 14}};
  EXPECT_NEAR(
      *weighted_intensity(around_noon(), whole), *weighted_intensity(around_noon(), parts), 1e-9);
}

TEST(WeightedIntensity, IsUnknownOutsideTheSeries) {
  const std::vector<EnergyPiece> pieces{{kNoon, kNoon + 60, 1}};
  EXPECT_TRUE(weighted_intensity(around_noon(), pieces, 3500).has_value());
  EXPECT_FALSE(weighted_intensity(around_noon(), pieces, 3600).has_value());
  EXPECT_FALSE(weighted_intensity(around_noon(), pieces, -3601).has_value());
  EXPECT_FALSE(weighted_intensity(around_noon(), {}).has_value());
}

TEST(WeightedIntensity, WeighsByTimeWhereThereIsNoEnergy) {
  const std::vector<EnergyPiece> pieces{{kNoon - 10, kNoon + 10, 0}};
  EXPECT_DOUBLE_EQ(*weighted_intensity(around_noon(), pieces), 250);
}

}  // namespace
}  // namespace gradwatt
