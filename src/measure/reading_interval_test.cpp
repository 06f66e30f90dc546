#include "measure/reading_interval.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using std::chrono::milliseconds;

SourceColumns source(const char* method, Duration refresh, EnergyKind kind = EnergyKind::measured) {
  ChannelInfo info;
  info.method = method;
  info.refresh = refresh;
  info.kind = kind;
  info.in_total = true;
  return {"test", {info}};
}

TEST(ReadingInterval, IsTheOneAskedFor) {
  const SourceColumns power[] = {source("power", milliseconds(100))};
  EXPECT_EQ(reading_interval(power, milliseconds(700)), milliseconds(700));
}

TEST(ReadingInterval, IsLongForEstimatesAndShorterForCounters) {
  const SourceColumns estimate[] = {source("model", {}, EnergyKind::estimated)};
  EXPECT_EQ(reading_interval(estimate), milliseconds(500));
  const SourceColumns both[] = {estimate[0], source("counter", milliseconds(1))};
  EXPECT_EQ(reading_interval(both), milliseconds(100));
}

TEST(ReadingInterval, SeesEachValueOfAPowerSensorWithinReason) {
  const auto of = [](Duration refresh) {
    const SourceColumns power[] = {source("power", refresh)};
    return reading_interval(power);
  };
  EXPECT_EQ(of(milliseconds(1000)), milliseconds(100));
  EXPECT_EQ(of(milliseconds(100)), milliseconds(40));
  EXPECT_EQ(of(milliseconds(5)), milliseconds(20));
  EXPECT_EQ(of({}), milliseconds(100));
}

TEST(ReadingInterval, LeavesPowersBesideTheTotalAlone) {
  SourceColumns beside[] = {source("power", milliseconds(100))};
  beside[0].channels[0].in_total = false;
  EXPECT_EQ(reading_interval(beside), milliseconds(100));
}

}  // namespace
}  // namespace gradwatt
