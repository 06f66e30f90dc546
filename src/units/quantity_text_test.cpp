#include "units/quantity_text.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(ParseEnergy, ReadsJoulesAndWattHoursWithTheirPrefixes) {
  EXPECT_EQ(parse_energy("500 Wh"), Energy::from_joules(1.8e6));
  EXPECT_EQ(parse_energy("1.8 MJ"), Energy::from_joules(1.8e6));
  EXPECT_EQ(parse_energy("2kWh"), Energy::from_joules(7.2e6));
  EXPECT_EQ(parse_energy("0 J"), Energy{});
}

TEST(ParseEnergy, IsUnknownWithoutAUnitOrWithAWrongOne) {
  for (const char* text : {"", "500", "Wh", "500 W", "-1 J", "-0 J", "1 kwh", "nan J", "1e300 J"}) {
    EXPECT_EQ(parse_energy(text), std::nullopt) << text;
  }
}

TEST(ParseDuration, ReadsMillisecondsToHours) {
  EXPECT_EQ(parse_duration("0s"), Duration{});
  EXPECT_EQ(parse_duration("500ms"), std::chrono::milliseconds(500));
  EXPECT_EQ(parse_duration("30s"), std::chrono::seconds(30));
  EXPECT_EQ(parse_duration("2 min"), std::chrono::minutes(2));
  EXPECT_EQ(parse_duration("1.5 h"), std::chrono::minutes(90));
}

TEST(ParseDuration, IsUnknownForAnythingElse) {
  for (const char* text : {"", "30", "s", "1 m", "-1 s", "inf s", "1e30 h"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace gradwatt
